import type { MetricDefinition } from "@pandaprobe/sdk/metrics";

export type Kind = MetricDefinition["kind"];

export interface DraftCriterion {
  readonly id: string;
  readonly question: string;
  readonly weight: string;
  readonly required: boolean;
}

export interface DraftAnchor {
  readonly value: string;
  readonly text: string;
}

/** The values of the form's fields, for all kinds of definitions. An empty text means that the field is left out. */
export interface Draft {
  readonly kind: Kind;
  readonly target: "TRACE" | "SESSION";
  readonly description: string;
  readonly threshold: string;
  readonly instructions: string;
  readonly model: string;
  readonly reference: string;
  readonly cap: string;
  readonly criteria: readonly DraftCriterion[];
  readonly anchors: readonly DraftAnchor[];
  readonly expected: string;
  readonly match: string;
  readonly arguments: string;
  /** One text per line. */
  readonly values: string;
  readonly ignore_case: boolean;
  readonly schema: string;
  readonly max_ms: string;
  readonly max_usd: string;
}

export const emptyDraft: Draft = {
  kind: "checklist",
  target: "TRACE",
  description: "",
  threshold: "",
  instructions: "",
  model: "",
  reference: "",
  cap: "",
  criteria: [{ id: "", question: "", weight: "", required: false }],
  anchors: [
    { value: "1", text: "" },
    { value: "5", text: "" },
  ],
  expected: "",
  match: "",
  arguments: "",
  values: "",
  ignore_case: false,
  schema: '{\n  "type": "object"\n}',
  max_ms: "",
  max_usd: "",
};

/** The fields of a stored definition. */
export function draftOf(definition: MetricDefinition): Draft {
  const given = Object.entries(definition)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, fieldOf(name, value)]);
  return { ...emptyDraft, ...Object.fromEntries(given) };
}

function fieldOf(name: string, value: unknown): unknown {
  if (name === "criteria") {
    return (value as Extract<MetricDefinition, { kind: "checklist" }>["criteria"]).map((criterion) => ({
      id: criterion.id,
      question: criterion.question,
      weight: textOf(criterion.weight),
      required: criterion.required === true,
    }));
  }
  if (name === "anchors") {
    const anchors = value as Extract<MetricDefinition, { kind: "scale" }>["anchors"];
    return anchors.map((anchor) => ({ value: textOf(anchor.value), text: anchor.text }));
  }
  if (name === "values") return (value as readonly string[]).join("\n");
  if (name === "schema") return JSON.stringify(value, null, 2);
  return typeof value === "number" ? String(value) : value;
}

function textOf(number: number | null | undefined): string {
  return number == null ? "" : String(number);
}

/**
 * The definition that the fields describe. The server checks it: fields that it would refuse are passed on as they are.
 *
 * @throws SyntaxError if the JSON Schema is no JSON.
 */
export function definitionOf(draft: Draft): MetricDefinition {
  const common = { description: text(draft.description), threshold: number(draft.threshold) };
  const judged = {
    ...common,
    target: draft.target,
    model: text(draft.model),
    reference: text(draft.reference),
  };
  switch (draft.kind) {
    case "checklist":
      return {
        kind: "checklist",
        ...judged,
        instructions: text(draft.instructions),
        criteria: draft.criteria.map(({ id, question, weight, required }) => ({
          id: id.trim(),
          question: question.trim(),
          ...(weight !== "" && { weight: Number(weight) }),
          ...(required && { required }),
        })),
        cap: number(draft.cap),
      };
    case "scale":
      return {
        kind: "scale",
        ...judged,
        instructions: draft.instructions.trim(),
        anchors: draft.anchors.map((anchor) => ({ value: Number(anchor.value), text: anchor.text.trim() })),
      };
    case "tool_sequence":
      return {
        kind: "tool_sequence",
        ...common,
        expected: draft.expected.trim(),
        match: oneOf(["strict", "unordered", "subset", "superset"] as const, draft.match),
        arguments: oneOf(["given", "exact", "ignore"] as const, draft.arguments),
      };
    case "exact_match":
      return {
        kind: "exact_match",
        ...common,
        reference: draft.reference.trim(),
        ignore_case: draft.ignore_case,
      };
    case "contains": {
      const values = draft.values.split("\n").filter((line) => line.trim() !== "");
      return {
        kind: "contains",
        ...common,
        ...(values.length > 0 && { values }),
        reference: text(draft.reference),
        match: oneOf(["all", "any"] as const, draft.match),
        ignore_case: draft.ignore_case,
      };
    }
    case "json_schema":
      return { kind: "json_schema", ...common, schema: JSON.parse(draft.schema) as Record<string, unknown> };
    case "latency":
      return { kind: "latency", ...common, max_ms: Number(draft.max_ms) };
    case "cost":
      return { kind: "cost", ...common, max_usd: Number(draft.max_usd) };
    case "no_errors":
      return { kind: "no_errors", ...common };
  }
}

function text(value: string): string | undefined {
  return value.trim() === "" ? undefined : value.trim();
}

function number(value: string): number | undefined {
  return value === "" ? undefined : Number(value);
}

function oneOf<Option extends string>(options: readonly Option[], value: string): Option | undefined {
  return options.find((option) => option === value);
}
