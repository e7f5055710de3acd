import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reduceTrace } from "../../src/compute/reduce-trace.ts";
import { readToolCalls } from "../../src/metrics/reading/tool-calls.ts";
import type { Span, Trace } from "../../src/metrics/trace.ts";
import { traceWith } from "../judge/support.ts";

function span(changes: Partial<Span>): Span {
  return {
    span_id: "1",
    parent_span_id: null,
    name: "search",
    kind: "TOOL",
    status: "OK",
    input: null,
    output: null,
    model: null,
    metadata: {},
    model_parameters: null,
    error: null,
    started_at: "2026-03-01T10:00:00.000Z",
    ended_at: null,
    ...changes,
  };
}

/** The number of values, not counting keys. */
function valuesIn(value: unknown): number {
  let count = 0;
  JSON.stringify(value, (_key, item: unknown) => {
    count += 1;
    return item;
  });
  return count;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const keys = (count: number) => Object.fromEntries(numbers(count).map((i) => [`k${i}`, i]));

describe("a trace for the main thread", () => {
  test("is unchanged unless it is very large", () => {
    const trace = traceWith({
      input: "x".repeat(300_000),
      spans: numbers(200).map((i) => span({ input: { i }, output: "y".repeat(1_000) })),
    });
    expect(reduceTrace(trace)).toEqual(trace);
  });

  test.each<[string, Partial<Trace>]>([
    ["a text of 5 MB", { input: "x".repeat(5_000_000) }],
    ["metadata of 200,000 keys", { metadata: keys(200_000) }],
    ["a list of a million numbers", { output: numbers(1_000_000) }],
    ["20,000 tags", { tags: numbers(200_000).map(String) }],
    ["20,000 spans", { spans: numbers(20_000).map((i) => span({ input: { i }, output: numbers(20) })) }],
    [
      "large spans of all kinds",
      {
        spans: numbers(20).map((i) =>
          span({ input: keys(10_000), output: "z".repeat(100_000), error: "e".repeat(90_000 + i) }),
        ),
      },
    ],
  ])("%s: is bounded in characters and in values", (_what, changes) => {
    const reduced = reduceTrace(traceWith(changes));
    expect(JSON.stringify(reduced).length).toBeLessThan(2_000_000);
    expect(valuesIn(reduced)).toBeLessThan(60_000);
    expect(Array.isArray(reduced.tags)).toBe(true);
    expect(Array.isArray(reduced.metadata)).toBe(false);
  });

  test("keeps short parts whole when it cuts a long one", () => {
    const calls = numbers(50).map((i) => span({ input: { query: `q${i}` }, output: "x".repeat(100_000) }));
    const reduced = reduceTrace(traceWith({ spans: calls }));
    expect(readToolCalls(reduced)?.map(({ parameters }) => parameters)).toEqual(
      numbers(50).map((i) => ({ query: `q${i}` })),
    );
    expect(String(reduced.spans[0]?.output)).toContain("left out");
  });

  test("has the shape of a trace, whatever its content", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (value, record) => {
        const many = numbers(2_000).map(() => value);
        const trace = traceWith({
          input: many,
          metadata: { ...record, many },
          spans: [span({ output: many })],
        });
        const reduced = reduceTrace(trace);
        expect(typeof reduced.metadata).toBe("object");
        expect(reduced.spans).toHaveLength(1);
        expect(valuesIn(reduced)).toBeLessThan(60_000);
      }),
      { numRuns: 30 },
    );
  });
});
