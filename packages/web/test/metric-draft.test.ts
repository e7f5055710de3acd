import type { MetricDefinition } from "@pandaprobe/sdk/metrics";
import { expect, test } from "vitest";
import { definitionOf, draftOf, emptyDraft } from "../src/pages/metric/draft.ts";

const definitions: MetricDefinition[] = [
  {
    kind: "checklist",
    target: "SESSION",
    description: "About returns.",
    threshold: 0.8,
    instructions: "A shop.",
    model: "openai/strict",
    criteria: [
      { id: "checked", question: "Did it check?", weight: 0, required: true },
      { id: "tone", question: "Is it polite?" },
    ],
    cap: 0.3,
  },
  {
    kind: "scale",
    target: "TRACE",
    instructions: "How kind?",
    reference: "expected.answer",
    anchors: [
      { value: -1.5, text: "rude" },
      { value: 0, text: "kind" },
    ],
  },
  { kind: "tool_sequence", expected: "calls", match: "superset", arguments: "ignore" },
  { kind: "exact_match", reference: "expected", ignore_case: true },
  { kind: "contains", values: ["a", "b c"], match: "any", ignore_case: false },
  { kind: "contains", reference: "expected", ignore_case: false },
  { kind: "json_schema", schema: { type: "object", required: ["a"] } },
  { kind: "latency", max_ms: 0 },
  { kind: "cost", max_usd: 0.001, threshold: 0 },
  { kind: "no_errors", description: "Nothing broke." },
];

test.each(definitions)("a definition survives the form: $kind", (definition) => {
  expect(JSON.parse(JSON.stringify(definitionOf(draftOf(definition))))).toEqual(definition);
});

test("a schema that is not JSON is refused, with the reason", () => {
  expect(() => definitionOf({ ...emptyDraft, kind: "json_schema", schema: "{" })).toThrow(SyntaxError);
});
