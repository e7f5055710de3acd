import type { SpanResponse } from "@pandaprobe/sdk";
import { expect, test } from "vitest";
import { foldedAtFirst, openRows, spanRows, timeAxis } from "../src/pages/trace/span-tree.ts";

function span(id: string, parent: string | null = null): SpanResponse {
  return {
    span_id: id,
    trace_id: "trace",
    parent_span_id: parent,
    name: id,
    kind: "OTHER",
    status: "OK",
    input: null,
    output: null,
    model: null,
    token_usage: null,
    metadata: {},
    started_at: "2026-03-01T09:00:00.000Z",
    ended_at: "2026-03-01T09:00:02.000Z",
    error: null,
    completion_start_time: null,
    model_parameters: null,
    cost: null,
    latency_ms: 2000,
    time_to_first_token_ms: null,
  };
}

const shape = (spans: SpanResponse[]) => spanRows(spans).map(({ span, depth }) => `${span.span_id}${depth}`);

test("children follow their parent, and steps count in start order", () => {
  const spans = [span("a"), span("b"), span("c", "a"), span("d", "c")];
  expect(shape(spans)).toEqual(["a0", "c1", "d2", "b0"]);
  expect(spanRows(spans).map(({ step }) => step)).toEqual([1, 3, 4, 2]);
});

test("spans without a parent in the trace, and spans that name each other, are shown once at the top", () => {
  expect(shape([span("a", "missing"), span("b", "c"), span("c", "b"), span("d", "d")])).toEqual([
    "a0",
    "d0",
    "b0",
    "c1",
  ]);
});

test("a chain of 20,000 spans is no problem", () => {
  const chain = Array.from({ length: 20_000 }, (_, n) => span(String(n), n === 0 ? null : String(n - 1)));
  expect(spanRows(chain).at(-1)?.depth).toBe(19_999);
});

test("a large tree opens with its deep levels folded", () => {
  const chain = Array.from({ length: 300 }, (_, n) => span(String(n), n === 0 ? null : String(n - 1)));
  const rows = spanRows(chain);
  expect(openRows(rows, foldedAtFirst(rows)).map(({ depth }) => depth)).toEqual([0, 1, 2]);
  expect(foldedAtFirst(rows.slice(0, 200))).toEqual(new Set());
});

test("the axis goes from the first start to the last end", () => {
  expect(timeAxis([span("a"), span("b")])).toEqual({
    start: Date.parse("2026-03-01T09:00:00Z"),
    length: 2000,
  });
});
