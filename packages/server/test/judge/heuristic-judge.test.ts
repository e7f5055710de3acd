import { JudgeError } from "@pandaprobe/contract/rules";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createHeuristicJudge } from "../../src/judge/heuristic/heuristic-judge.ts";
import { evaluateMetric } from "../../src/metrics/evaluate.ts";
import { memoizeJudge } from "../../src/metrics/memoize-judge.ts";
import { traceMetrics } from "../../src/metrics/registry.ts";
import { defineStage } from "../../src/metrics/stage.ts";
import { renderSubject } from "../../src/metrics/subject.ts";
import type { Trace } from "../../src/metrics/trace.ts";
import { calm, makeSubject, makeTrace } from "../metrics/support.ts";
import { trials } from "../support/nightly.ts";

async function evaluateAll(trace: Trace) {
  const judge = memoizeJudge(createHeuristicJudge());
  const subject = renderSubject(trace, judge.maxTraceChars);
  return Promise.all(traceMetrics.map((metric) => evaluateMetric(metric, subject, judge, { signal: calm })));
}

/** Values as hostile as JSON allows, some of them in the formats that the readers look for. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "\ud800",
    "\u0000",
    "</data>",
    "{",
    '{"messages":',
    "1. a\n2. b",
    "???",
    "١٢٣",
    "予約",
    "🐈‍⬛",
  ),
);
const json = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
const message = fc.record(
  {
    role: fc.constantFrom("system", "user", "assistant", "tool", "model", "constructor", "", 5),
    type: fc.constantFrom("human", "ai", "function_call", "tool_use", "__proto__"),
    content: fc.oneof(
      json,
      fc.string(),
      fc.array(fc.record({ type: fc.string(), text: json, input: json, name: json })),
    ),
    tool_calls: fc.oneof(
      json,
      fc.array(fc.record({ id: json, function: fc.record({ name: json, arguments: json }) })),
    ),
    name: json,
    args: json,
  },
  { requiredKeys: [] },
);
const value = fc.oneof(
  json,
  message,
  fc.array(message),
  fc.record({ messages: fc.array(message), tools: json, plan: json }),
);
const keyed = fc.dictionary(fc.constantFrom("tools", "plan", "functions", "reasoning", "x"), value);
const span = fc.record({
  span_id: fc.constantFrom("a", "b", "c"),
  parent_span_id: fc.constantFrom(null, "a", "zzz"),
  name: text,
  kind: fc.constantFrom("AGENT", "TOOL", "LLM", "RETRIEVER", "CHAIN", "EMBEDDING", "OTHER"),
  status: fc.constantFrom("UNSET", "OK", "ERROR"),
  input: value,
  output: value,
  model: fc.option(fc.string()),
  metadata: keyed,
  model_parameters: fc.option(keyed),
  error: fc.option(text),
  started_at: fc.constant("2026-03-01T09:00:00.000Z"),
  ended_at: fc.constantFrom(null, "2026-03-01T09:00:01.000Z", "never"),
}) as fc.Arbitrary<Trace["spans"][number]>;
const trace = fc.record({
  trace_id: fc.constant("t"),
  name: text,
  status: fc.constantFrom("PENDING", "RUNNING", "COMPLETED", "ERROR"),
  input: value,
  output: value,
  metadata: keyed,
  started_at: fc.constantFrom("2026-03-01T09:00:00.000Z", "never"),
  ended_at: fc.constantFrom(null, "2026-03-01T09:00:01.000Z"),
  session_id: fc.constant(null),
  tags: fc.array(fc.string()),
  spans: fc.array(span, { maxLength: 5 }),
}) as fc.Arbitrary<Trace>;

describe("the heuristic judge", () => {
  it("scores any trace with any metric, and says that it is a heuristic", {
    tags: ["nightly"],
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(trace, async (one) => {
        for (const { score, reason, metadata } of await evaluateAll(one)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(reason).toMatch(/heuristic/i);
          expect(metadata).toMatchObject({ model: "heuristic/v1" });
        }
      }),
      trials(30, 1_000),
    );
  });

  it("always gives the same answer for the same trace", {
    tags: ["nightly"],
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(trace, async (one) => {
        expect(await evaluateAll(structuredClone(one))).toEqual(await evaluateAll(one));
      }),
      trials(10, 300),
    );
  });

  it("takes traces of 10 MB and 500 steps, in any script", async () => {
    const huge = [
      makeTrace({ output: "word 😀 ".repeat(1_200_000) }),
      makeTrace({ input: "预订酒店的信息".repeat(200_000), output: "1-".repeat(1_000_000) }),
      makeTrace({
        spans: Array.from({ length: 500 }, (_, i) => ({
          kind: i % 2 === 0 ? ("TOOL" as const) : ("LLM" as const),
          name: `step_${i % 7}`,
          input: { text: `${i} `.repeat(5_000) },
          output: "- item\n".repeat(2_000),
        })),
      }),
    ];
    for (const one of huge) expect(await evaluateAll(one)).toHaveLength(traceMetrics.length);
  });

  it("only knows the built-in stages, and says what to do about others", async () => {
    const own = defineStage({
      name: "my_metric.score",
      instructions: "How blue is it?",
      showsTrace: true,
      placeholder: {},
      schema: z.object({ score: z.number() }),
    });
    for (const name of ["my_metric.score", "constructor"]) {
      const asked = createHeuristicJudge().ask({ ...own, name }, makeSubject(), {}, calm);
      await expect(asked).rejects.toThrow(JudgeError);
      await expect(asked).rejects.toThrow(/built-in metrics only.*choose an LLM/);
    }
  });

  it("stops when its signal is aborted", async () => {
    const judge = createHeuristicJudge();
    const signal = AbortSignal.abort(new Error("Enough."));
    await expect(judge.embed(["x"], signal)).rejects.toThrow("Enough.");
  });
});
