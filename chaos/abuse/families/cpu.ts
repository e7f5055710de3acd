import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Attack, Attacker, Family } from "../attack.ts";

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

const started_at = "2026-03-01T10:00:00Z";

interface HostileTrace {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata?: object;
  readonly session_id?: string;
  readonly spans?: readonly object[];
}

/** Runs, or estimates, over everything that the attacker has stored. */
interface Strike {
  readonly path: "trace-runs" | "session-runs" | "trace-runs/estimate";
  readonly metrics: readonly string[];
  /** Whether an LLM judges. Default: false, the heuristic does. */
  readonly withLlm?: boolean;
  /** How many are created at once. Default: 1. */
  readonly times?: number;
}

const byHeuristic: Strike = { path: "trace-runs", metrics: allMetrics };
const byLlm: Strike = { path: "trace-runs", metrics: allMetrics, withLlm: true };

/** An attack that stores traces and has them evaluated. */
function evaluation(
  name: string,
  title: string,
  traces: () => readonly HostileTrace[],
  strike: Strike = byHeuristic,
): Attack {
  return {
    name,
    title,
    async prepare(attacker) {
      const refusals: string[] = [];
      for (const trace of traces()) refusals.push(...(await store(attacker, trace)));
      return async () => {
        const outcomes = await Promise.all(
          Array.from({ length: strike.times ?? 1 }, () => evaluate(attacker, strike)),
        );
        return [...new Set([...refusals, ...outcomes])].join(", ");
      };
    },
  };
}

/** Stores a trace, with its spans in as many requests as necessary. @returns what was refused. */
async function store({ api }: Attacker, { spans = [], ...trace }: HostileTrace): Promise<string[]> {
  const stored = await api.send<{ trace_id: string }>("POST", "/traces", {
    name: "hostile",
    started_at,
    ...trace,
  });
  if (stored.status !== 202) return [`the trace was refused with ${stored.status}`];
  const refused: string[] = [];
  for (const part of parts(spans)) {
    const { status } = await api.send("POST", `/traces/${stored.body.trace_id}/spans`, part);
    if (status >= 300) refused.push(`spans were refused with ${status}`);
  }
  return refused;
}

/** How long to wait for the end of an attack. */
const patienceMs = 120_000;

/** Splits spans into groups of at most 500 spans, 5 MB and about 150,000 values. */
function parts(spans: readonly object[]): object[][] {
  const groups: object[][] = [];
  let chars = 0;
  let valueCount = 0;
  for (const span of spans) {
    const json = JSON.stringify(span);
    const values = json.split(",").length;
    chars += json.length;
    valueCount += values;
    const group = groups.at(-1);
    if (group !== undefined && group.length < 500 && chars <= 5_000_000 && valueCount <= 150_000) {
      group.push(span);
      continue;
    }
    groups.push([span]);
    chars = json.length;
    valueCount = values;
  }
  return groups;
}

async function evaluate(attacker: Attacker, { path, metrics, withLlm }: Strike): Promise<string> {
  const { api, llm, signal } = attacker;
  const isEstimate = path.endsWith("/estimate");
  const created = await api
    .send<EvalRunResponse>(
      "POST",
      `/evaluations/${path}`,
      { metrics, ...(withLlm && { model: llm }) },
      isEstimate ? { "idempotency-key": crypto.randomUUID() } : {},
    )
    .catch(() => undefined);
  if (created === undefined) return "not answered within 30 s";
  if (isEstimate) return `estimates answered ${created.status}`;
  if (created.status !== 202) return `the run was refused with ${created.status}`;
  let run = created.body;
  const deadline = performance.now() + patienceMs;
  while (run.status === "PENDING" || run.status === "RUNNING") {
    signal.throwIfAborted();
    if (performance.now() > deadline) return `not over after ${patienceMs / 1000} s`;
    // A blocked server does not answer in time.
    const answer = await api
      .send<EvalRunResponse>("GET", `/evaluations/${path}/${run.id}`, undefined, { prefer: "wait=20" })
      .catch(() => undefined);
    if (answer?.status === 200) run = answer.body;
  }
  return `${run.status}, ${run.failed_count} failed scores`;
}

function inFullOnly(attack: Attack): Attack {
  return { ...attack, onlyInFull: true };
}

function times<Item>(count: number, make: (i: number) => Item): Item[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function keys(count: number, value: (i: number) => unknown = (i) => i): Record<string, unknown> {
  return Object.fromEntries(times(count, (i) => [`k${i}`, value(i)]));
}

function call(name: string, input: unknown, i = 0) {
  return { name, kind: "TOOL", started_at: new Date(Date.parse(started_at) + i).toISOString(), input };
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
    evaluation("properties", "60 calls with 3,000 unknown keys, a schema of 60,000 properties", () => [
      {
        metadata: { tools: [tool("book", { properties: keys(60_000, () => ({})), required: ["q"] })] },
        spans: times(60, (i) => call("book", Object.fromEntries(times(3_000, (n) => [`u${n}`, i])), i)),
      },
    ]),
    evaluation("keys", "a call with 140,000 keys", () => [{ spans: [call("book", keys(140_000))] }]),
    evaluation("parameters", "40 calls with 15,000 parameters each", () => [
      { spans: times(40, (i) => call("book", { ...keys(15_000), id: i }, i)) },
    ]),
    evaluation("tools", "60,000 tools and 5,000 calls", () => [
      {
        metadata: { tools: times(60_000, (i) => `tool ${i}`), plan: ["use tool 1", "use tool 2"] },
        spans: times(5_000, (i) => call(`tool ${i}`, { i }, i)),
        output: "I have booked it.",
      },
    ]),
    evaluation("plan", "a plan of 40 long steps, carried out in 4,000 calls with 4 kB of words each", () => [
      {
        metadata: { plan: times(40, (i) => times(4_000, (n) => `step${(i + n) % 9_999}x`).join(" ")) },
        spans: times(4_000, (i) => call("book", times(500, (n) => `w${i}a${n}`).join(" "), i)),
      },
    ]),
    evaluation("text", "an input and an output of 4.5 MB each", () => [
      {
        input: times(700_000, (i) => `word${i % 9}`).join(" "),
        output: times(700_000, (i) => `text${i % 9}`).join(" "),
      },
    ]),
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
    evaluation(
      "trimmer",
      "metadata of 140,000 keys in a question to an LLM",
      () => [{ metadata: keys(140_000), output: "done" }],
      byLlm,
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
