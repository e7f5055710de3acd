import { z } from "zod";
import { fitsBytes } from "./common/byte-length.ts";
import { limits } from "./common/limits.ts";
import { anyMetric } from "./metric-kinds.ts";

/** The number of a version, as clients send it. */
export const metricVersion = z.int().min(1).max(2_147_483_647);

const ownMetric = limits.ownMetric;

export const MetricDefinition = anyMetric.superRefine(checkDefinition).meta({
  id: "MetricDefinition",
  description: `A metric of your own, at most ${ownMetric.definitionBytes} bytes of JSON. \`checklist\` and \`scale\` ask a judge; the other kinds read the trace, ask nothing and cost nothing.`,
  examples: [
    {
      kind: "checklist",
      instructions: "The agent answers customers of a shop for kitchen tools.",
      criteria: [
        { id: "answers", question: "Does the final answer address everything the customer asked?" },
        {
          id: "no_promise",
          question: "Is the answer free of promises that no step supports?",
          required: true,
        },
      ],
    },
  ],
});
export type MetricDefinition = z.infer<typeof anyMetric>;
export type MetricKind = MetricDefinition["kind"];

type Report = z.core.$RefinementCtx<MetricDefinition>;

function checkDefinition(definition: MetricDefinition, report: Report): void {
  const refuse = (path: (string | number)[], message: string) =>
    report.addIssue({ code: "custom", path, message });
  if (!fitsBytes(JSON.stringify(definition), ownMetric.definitionBytes)) {
    refuse([], `must have at most ${ownMetric.definitionBytes} bytes of JSON: shorten its texts`);
  }
  if ("reference" in definition && "target" in definition) {
    if (definition.reference != null && definition.target === "SESSION") {
      refuse(
        ["reference"],
        "works only with the target TRACE, because a session has no metadata. Leave it out",
      );
    }
  }
  switch (definition.kind) {
    case "checklist": {
      const seen = new Set<string>();
      for (const [i, { id }] of definition.criteria.entries()) {
        if (seen.has(id))
          refuse(
            ["criteria", i, "id"],
            `${JSON.stringify(id)} is used twice: give each criterion its own id`,
          );
        seen.add(id);
      }
      if (definition.criteria.every(({ weight }) => weight === 0)) {
        refuse(["criteria"], "have weights that sum to 0: give at least one a positive weight");
      }
      if (definition.cap != null && !definition.criteria.some(({ required }) => required === true)) {
        refuse(
          ["cap"],
          "limits the score after a no to a required question, but no criterion is required: leave it out, or make one required",
        );
      }
      return;
    }
    case "scale": {
      const values = new Set(definition.anchors.map(({ value }) => value));
      if (values.size < definition.anchors.length) {
        refuse(["anchors"], "have a value twice: give each anchor its own value");
      } else if (values.size < 2)
        refuse(["anchors"], "must be at least two, so that there is a lowest and a highest");
      return;
    }
    case "contains":
      if ((definition.values == null) === (definition.reference == null)) {
        refuse(["values"], "or a reference must be given, but not both");
      }
      return;
    case "json_schema":
      for (const pattern of invalidPatterns(definition.schema)) {
        refuse(
          ["schema"],
          `has a pattern that is not a regular expression: ${JSON.stringify(pattern.slice(0, 100))}`,
        );
      }
      return;
    default:
  }
}

/** Keywords whose values are data, not schemas. */
const dataKeywords: readonly string[] = ["const", "enum", "default", "examples"];

/** At most one is returned, because a schema may have very many. */
function invalidPatterns(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === "pattern" && typeof value === "string" && !isPattern(value)) return [value];
    if (dataKeywords.includes(key)) continue;
    const [inside] = invalidPatterns(value);
    if (inside !== undefined) return [inside];
  }
  return [];
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}
