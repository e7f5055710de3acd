import type { Attack, Family } from "../attack.ts";
import * as attacks from "./evaluation.ts";
import { call, type HostileTrace, inFullOnly, keys, type Strike, times } from "./evaluation.ts";

/** Every metric of a single trace. */
const allMetrics = [
  "task_completion",
  "tool_correctness",
  "argument_correctness",
  "step_efficiency",
  "confidence",
  "plan_adherence",
  "plan_quality",
  "coherence",
];

const byHeuristic: Strike = { path: "trace-runs", metrics: allMetrics };
const byLlm: Strike = { path: "trace-runs", metrics: allMetrics, withLlm: true };

/** An attack that stores traces and has them evaluated, by default by the heuristic. */
function evaluation(
  name: string,
  title: string,
  traces: () => readonly HostileTrace[],
  strike: Strike = byHeuristic,
): Attack {
  return attacks.evaluation(name, title, traces, strike);
}

function tool(name: string, parameters: object) {
  return { name, description: "books", parameters };
}

/** `anyOf` in `anyOf`, `width` wide and `depth` deep. */
function tree(width: number, depth: number): object {
  return depth === 0 ? { type: "null" } : { anyOf: times(width, () => tree(width, depth - 1)) };
}

const enums = (items: number, calls: number) => () => [
  {
    metadata: {
      tools: [tool("book", { type: "object", properties: { x: { enum: times(items, (i) => i % 10) } } })],
    },
    spans: times(calls, (i) => call("book", { x: `no ${i}` }, i)),
  },
];

/** Each attack multiplies two sizes that a client controls, or makes one of them as large as possible. */
export const cpu: Family = {
  name: "cpu",
  title: "traces that take long to evaluate",
  attacks: [
    evaluation("enum", "490 calls of a tool with an enum of 190,000 items", enums(190_000, 490)),
    inFullOnly(
      evaluation("enum-900k", "490 calls of a tool with an enum of 900,000 items, 2 MB", enums(900_000, 490)),
    ),
    evaluation("any-of", "400 calls of a tool with anyOf in anyOf, 65,536 leaves", () => [
      {
        metadata: { tools: [tool("book", { type: "object", properties: { x: tree(4, 8) } })] },
        spans: times(400, (i) => call("book", { x: i }, i)),
      },
    ]),
    inFullOnly(
      evaluation("any-of-enum", "anyOf of 2,000 enums of 90 items × 400 calls with a text of 20 kB", () => [
        {
          metadata: {
            tools: [
              tool("book", {
                properties: { x: { anyOf: times(2_000, () => ({ enum: times(90, (i) => `${i}`) })) } },
              }),
            ],
          },
          spans: times(400, (i) => call("book", { x: `${i}`.padEnd(20_000, "x") }, i)),
        },
      ]),
    ),
    evaluation("properties", "60 calls with 3,000 unknown keys, a schema of 60,000 properties", () => [
      {
        metadata: { tools: [tool("book", { properties: keys(60_000, () => ({})), required: ["q"] })] },
        spans: times(60, (i) => call("book", Object.fromEntries(times(3_000, (n) => [`u${n}`, i])), i)),
      },
    ]),
    evaluation("keys", "a call with 140,000 keys", () => [{ spans: [call("book", keys(140_000))] }]),
    inFullOnly(
      evaluation("parameters", "40 calls with 15,000 parameters each", () => [
        { spans: times(40, (i) => call("book", { ...keys(15_000), id: i }, i)) },
      ]),
    ),
    inFullOnly(
      evaluation("tools", "60,000 tools and 5,000 calls", () => [
        {
          metadata: { tools: times(60_000, (i) => `tool ${i}`), plan: ["use tool 1", "use tool 2"] },
          spans: times(5_000, (i) => call(`tool ${i}`, { i }, i)),
          output: "I have booked it.",
        },
      ]),
    ),
    evaluation("plan", "a plan of 40 long steps, carried out in 4,000 calls with 4 kB of words each", () => [
      {
        metadata: { plan: times(40, (i) => times(4_000, (n) => `step${(i + n) % 9_999}x`).join(" ")) },
        spans: times(4_000, (i) => call("book", times(500, (n) => `w${i}a${n}`).join(" "), i)),
      },
    ]),
    inFullOnly(
      evaluation("text", "an input and an output of 4.5 MB each", () => [
        {
          input: times(700_000, (i) => `word${i % 9}`).join(" "),
          output: times(700_000, (i) => `text${i % 9}`).join(" "),
        },
      ]),
    ),
    evaluation("marks", "a tool's result of 9 MB of exclamation marks", () => [
      { spans: times(2, (i) => ({ ...call("book", {}, i), output: "!".repeat(4_500_000) })) },
    ]),
    inFullOnly(
      evaluation("json-in-json", "an output that is JSON text of 4 MB in JSON text, in 12 spans", () => [
        {
          spans: times(12, (i) => ({
            ...call("book", {}, i),
            kind: "LLM",
            output: JSON.stringify({ output: JSON.stringify({ plan: times(200_000, () => "a") }) }),
          })),
        },
      ]),
    ),
    inFullOnly(
      evaluation(
        "trimmer",
        "metadata of 140,000 keys in a question to an LLM",
        () => [{ metadata: keys(140_000), output: "done" }],
        byLlm,
      ),
    ),
    inFullOnly(
      evaluation(
        "many-values",
        "8 spans of 140,000 keys in a question to an LLM",
        () => [{ spans: times(8, (i) => call("book", keys(140_000), i)), output: "done" }],
        byLlm,
      ),
    ),
    inFullOnly(
      evaluation(
        "session",
        "a session of 12 traces with outputs of 4 MB",
        () =>
          times(12, (n) => ({
            session_id: "long",
            input: "again",
            output: times(600_000, (i) => `w${(i * n) % 97}`).join(" "),
          })),
        { path: "session-runs", metrics: ["agent_reliability", "agent_consistency"] },
      ),
    ),
    inFullOnly(
      evaluation(
        "estimates",
        "40 estimates with an Idempotency-Key over 20 traces with 60,000 keys",
        () => times(20, () => ({ metadata: keys(60_000), output: "done" })),
        { path: "trace-runs/estimate", metrics: allMetrics, withLlm: true, times: 40 },
      ),
    ),
    inFullOnly(
      evaluation(
        "many-runs",
        "30 runs at once over 20 traces of 100 kB",
        () =>
          times(20, (n) => ({
            input: "book it",
            output: "It might work. ".repeat(6_000),
            spans: [call("book", { n })],
          })),
        { ...byHeuristic, times: 30 },
      ),
    ),
  ],
};
