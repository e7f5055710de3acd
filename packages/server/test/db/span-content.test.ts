import { expect, test } from "vitest";
import { spanContent } from "../../src/db/span-content.ts";

test("a span adds what it always added, so no stored score becomes stale with a new version", () => {
  const span = {
    span_id: "0190a8f0-0000-7000-8000-000000000001",
    parent_span_id: null,
    name: "café",
    kind: "LLM",
    status: "OK",
    model: "gpt-5.4",
    error: null,
    started_at: "2026-03-01T09:00:00.000Z",
    ended_at: "2026-03-01T09:00:01.000Z",
    input: '"Weather in Paris?"',
    output: '"It rains."',
    metadata: "{}",
    model_parameters: "null",
  } as const;
  expect(spanContent(span)).toBe(5_237_133_250_576_592_236n);
});
