import { z } from "zod";
import { limitedObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import { text } from "./common/text.ts";
import { modelName } from "./judging.ts";

const ownMetric = limits.ownMetric;

const description = text(1, 500).nullish().describe("One sentence for people. Default: made from the kind.");
const threshold = z
  .number()
  .min(0)
  .max(1)
  .nullish()
  .describe("A score at or above it is a success, unless the run sets another threshold. Default: 0.5.");
const target = z
  .enum(["TRACE", "SESSION"])
  .nullish()
  .describe("What it judges: single traces, or whole sessions. Default: TRACE.");
/** A path such as `expected.answer` into an object. */
const metadataPath = text(1, limits.label);
const reference = metadataPath
  .nullish()
  .describe(
    "Where in the trace's metadata the judge finds what to compare with, such as the expected answer: a key, or keys joined by dots (`expected.answer`). A trace without it is not applicable. Only with the target TRACE.",
  );

const model = modelName
  .nullish()
  .describe(
    "Its judge as `provider/model`, unless a run names another one or a jury. Default: that of the run.",
  );

const criterionId = text(1, 64).refine((value) => /^[\w-]*$/.test(value), {
  error: "must contain only letters, digits, _ and -",
});

export const MetricCriterion = z
  .strictObject({
    id: criterionId.describe("Identifies the criterion in the score's metadata."),
    question: text(1, ownMetric.question).describe("A yes-or-no question; yes is good."),
    weight: z
      .number()
      .min(0)
      .max(1000)
      .nullish()
      .describe("Its share of the score, relative to the other weights. Default: 1."),
    required: z
      .boolean()
      .nullish()
      .describe("Whether a no limits the score to 0, or to `cap`. Default: false."),
  })
  .meta({ id: "MetricCriterion" });
export type MetricCriterion = z.infer<typeof MetricCriterion>;

export const MetricAnchor = z
  .strictObject({
    value: z.number().min(-1000).max(1000),
    text: text(1, ownMetric.question).describe("What a trace with this value is like."),
  })
  .meta({ id: "MetricAnchor", description: "A value of a scale." });
export type MetricAnchor = z.infer<typeof MetricAnchor>;

export const ChecklistMetric = z
  .strictObject({
    kind: z.literal("checklist"),
    target,
    description,
    instructions: text(1, ownMetric.instructions)
      .nullish()
      .describe("What the judge should know to answer the questions."),
    criteria: list(MetricCriterion, 1, ownMetric.criteria).describe(
      "The score is the weighted share of yes answers. All questions are asked in one call.",
    ),
    cap: z
      .number()
      .min(0)
      .max(1)
      .nullish()
      .describe("The highest score with a no to a required question. Default: 0."),
    reference,
    model,
    threshold,
  })
  .meta({ id: "ChecklistMetric", description: "A judge answers yes-or-no questions." });

export const ScaleMetric = z
  .strictObject({
    kind: z.literal("scale"),
    target,
    description,
    instructions: text(1, ownMetric.instructions).describe("What the judge should rate."),
    anchors: list(MetricAnchor, 1, ownMetric.anchors).describe(
      "At least two values, each with what it means. The lowest becomes the score 0, the highest 1.",
    ),
    reference,
    model,
    threshold,
  })
  .meta({ id: "ScaleMetric", description: "A judge gives one value on a scale." });

export const ToolSequenceMetric = z
  .strictObject({
    kind: z.literal("tool_sequence"),
    description,
    expected: metadataPath.describe(
      'Where the trace\'s metadata hold the expected calls: `[{"name": "search", "arguments": {"query": "x"}}]`, or names alone. A trace without it is not applicable.',
    ),
    match: z
      .enum(["strict", "unordered", "subset", "superset"])
      .nullish()
      .describe(
        "`strict`: exactly these calls in this order. `unordered`: exactly these, in any order. `subset`: no other calls. `superset`: at least these. Default: strict.",
      ),
    arguments: z
      .enum(["given", "exact", "ignore"])
      .nullish()
      .describe(
        "`given`: the arguments of an expected call must be equal. `exact`: they must be equal, and there may be no others. `ignore`: only names count. Default: given.",
      ),
    ignored_arguments: list(text(1, limits.label), 0, ownMetric.values)
      .nullish()
      .describe("Arguments that are not compared, in any call."),
    threshold,
  })
  .meta({ id: "ToolSequenceMetric", description: "1 if the agent made the expected tool calls." });

export const ExactMatchMetric = z
  .strictObject({
    kind: z.literal("exact_match"),
    description,
    reference: metadataPath.describe(
      "Where in the trace's metadata the expected output is. A trace without it is not applicable.",
    ),
    ignore_case: z.boolean().nullish().describe("Default: false."),
    threshold,
  })
  .meta({
    id: "ExactMatchMetric",
    description: "1 if the output equals the expected one. White space around texts does not count.",
  });

export const ContainsMetric = z
  .strictObject({
    kind: z.literal("contains"),
    description,
    values: list(text(1, ownMetric.question), 1, ownMetric.values)
      .nullish()
      .describe("The texts to look for. Give either these or a `reference`."),
    reference: metadataPath
      .nullish()
      .describe(
        "Where in the trace's metadata the text, or the list of texts, to look for is. A trace without it is not applicable.",
      ),
    match: z.enum(["all", "any"]).nullish().describe("How many of the texts must be there. Default: all."),
    ignore_case: z.boolean().nullish().describe("Default: false."),
    threshold,
  })
  .meta({ id: "ContainsMetric", description: "1 if the output contains some texts." });

export const JsonSchemaMetric = z
  .strictObject({
    kind: z.literal("json_schema"),
    description,
    schema: limitedObject.describe(
      "A JSON Schema (draft 2020-12). An output that is text is parsed as JSON first.",
    ),
    threshold,
  })
  .meta({ id: "JsonSchemaMetric", description: "1 if the output matches a JSON Schema." });

export const LatencyMetric = z
  .strictObject({
    kind: z.literal("latency"),
    description,
    max_ms: z.number().min(0).max(Number.MAX_SAFE_INTEGER).describe("In milliseconds."),
    threshold,
  })
  .meta({
    id: "LatencyMetric",
    description: "1 if the trace took no longer. A trace that has not ended is not applicable.",
  });

export const CostMetric = z
  .strictObject({
    kind: z.literal("cost"),
    description,
    max_usd: z.number().min(0).max(Number.MAX_SAFE_INTEGER).describe("In USD."),
    threshold,
  })
  .meta({
    id: "CostMetric",
    description: "1 if the spans of the trace cost no more. A trace without costs is not applicable.",
  });

export const NoErrorsMetric = z.strictObject({ kind: z.literal("no_errors"), description, threshold }).meta({
  id: "NoErrorsMetric",
  description: "1 if neither the trace nor one of its spans ended in an error.",
});

/** A definition of any kind. Its fields are checked one by one only. */
export const anyMetric = z.discriminatedUnion(
  "kind",
  [
    ChecklistMetric,
    ScaleMetric,
    ToolSequenceMetric,
    ExactMatchMetric,
    ContainsMetric,
    JsonSchemaMetric,
    LatencyMetric,
    CostMetric,
    NoErrorsMetric,
  ],
  {
    error:
      "must be checklist, scale, tool_sequence, exact_match, contains, json_schema, latency, cost or no_errors",
  },
);
