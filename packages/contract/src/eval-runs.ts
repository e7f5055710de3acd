import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { EvaluationStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject, numberObject } from "./common/json.ts";
import { boolean, canonicalNumbers, lenient, number } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import { page } from "./common/paging.ts";
import { text } from "./common/text.ts";
import { JuryAggregate, judgingOptions, modelName } from "./judging.ts";

const fresh = boolean
  .nullish()
  .describe(
    "Call the judge again for questions it has answered before in this project. These calls cost money again. To see how much its judgment varies, use `repeats`. Default: false.",
  );

const usd = number(z.number().min(0).max(Number.MAX_SAFE_INTEGER));

/** The budget of a run. */
export const maxCostUsd = usd
  .nullish()
  .describe(
    "The most the run may cost, in USD. Default: no limit. If the next call could cost more than the rest of the limit, the evaluation items that need it end FAILED with a reason that begins with `budget_exceeded`, and a retry continues from there. The price of every model of the run must be known.",
  );

/** The metrics of a run or monitor, by name. */
export const metricNames = list(text(0, limits.label), 1, limits.metrics);

const runName = text(0, limits.name);

/** The fields of every request for a run, whether over traces or sessions. */
export const runOptions = {
  metrics: metricNames.describe("Metric names. Repeated names count once."),
  name: runName.nullish().describe("A label for people."),
  ...judgingOptions,
  thresholds: lenient(
    canonicalNumbers,
    z
      .custom<Record<string, number>>(isThresholds, {
        error: `must map at most ${limits.fields} metric names to numbers from 0 to 1`,
      })
      .meta({
        type: "object",
        additionalProperties: { type: "number", minimum: 0, maximum: 1 },
        propertyNames: { type: "string", maxLength: limits.label },
        maxProperties: limits.fields,
      }),
  )
    .nullish()
    .describe(
      "The threshold of each metric: a score at or above it is a success. It sets `success` in the metadata of a score, and never changes the score.",
    ),
  max_cost_usd: maxCostUsd,
  fresh,
};

/** A number from 0 to 1. */
export const fraction = number(z.number().min(0).max(1));

/** The share of matching targets to evaluate. */
export const samplingRate = fraction
  .default(1)
  .describe(
    "The fraction of the matching targets to evaluate, drawn uniformly: `max(1, floor(matches × rate))` targets, or none for 0.",
  );

function isThresholds(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length <= limits.fields &&
    Object.entries(value).every(
      ([name, item]) => name.length <= limits.label && typeof item === "number" && item >= 0 && item <= 1,
    )
  );
}

export const RunUsage = z
  .object({
    calls: z.int().describe("Calls to models, including retries."),
    cached_calls: z.int().describe("Calls that were not made because their answers were already stored."),
    input_tokens: z.int().describe("As counted by the providers."),
    output_tokens: z.int(),
    cost_usd: z
      .number()
      .nullable()
      .describe(
        "The cost of the calls. A call in flight, or whose result is unknown, counts at its highest cost. `null` if the price of a model is unknown.",
      ),
  })
  .meta({
    id: "RunUsage",
    description: "What a run has used so far. The heuristic judge is free.",
  });
export type RunUsage = z.infer<typeof RunUsage>;

export const RunWait = z
  .object({
    model: z.string().describe("The model that the run waits for, as `provider/model`."),
    reason: z.string().describe("What is wrong with the model, in words."),
    until: timestamp
      .nullable()
      .describe("When the model is called again. `null` while a probe call checks whether it is back."),
  })
  .meta({
    id: "RunWait",
    description:
      "A model that is down or rate-limits the server. The run continues by itself once the model answers again.",
  });
export type RunWait = z.infer<typeof RunWait>;

export const EvalRunResponse = z
  .object({
    id: uuid,
    name: z.string().nullable(),
    status: EvaluationStatus,
    metric_names: z.array(z.string()),
    metric_versions: numberObject.describe(
      "The version of each of its metrics that is the project's own. The run keeps it even if the metric changes.",
    ),
    total_traces: z.int().describe("How many targets the run has: traces, or sessions in a session run."),
    total_targets: z.int().describe("The same number as `total_traces`."),
    evaluated_count: z.int().describe("Targets with all metrics ended, successfully or not."),
    failed_count: z.int().describe("Evaluation items (one target and one metric) that ended FAILED."),
    created_at: timestamp,
    completed_at: timestamp.nullable(),
    project_id: uuid,
    target_type: z.string().describe("`TRACE` or `SESSION`."),
    filters: jsonObject.describe("The filters of the request, unchanged."),
    sampling_rate: z.number(),
    model: z
      .string()
      .nullable()
      .describe("The judge of the run, as `provider/model`. `null` for a jury: see `judges`."),
    repeats: z.int().describe("How often each question is judged."),
    judges: z
      .array(z.string())
      .nullable()
      .describe("The models of the jury, as `provider/model`. `null`: the run has one judge, `model`."),
    aggregate: JuryAggregate.nullable().describe("How the jury's votes are combined. `null` without a jury."),
    monitor_id: uuid.nullable(),
    error_message: z.string().nullable().describe("Why the run failed or was cancelled."),
    max_cost_usd: z.number().nullable().describe("The most the run may cost, in USD. `null`: no limit."),
    usage: RunUsage,
    waiting_for: RunWait.nullable().describe("What the run is waiting for, if anything."),
  })
  .meta({ id: "EvalRunResponse", description: "An evaluation run and its progress." });
export type EvalRunResponse = z.infer<typeof EvalRunResponse>;

export const TokenRange = z
  .object({ low: z.int(), high: z.int() })
  .meta({ id: "TokenRange", description: "An estimated number of tokens." });
export type TokenRange = z.infer<typeof TokenRange>;

export const UsdRange = z
  .object({ low: z.number(), high: z.number() })
  .meta({ id: "UsdRange", description: "An estimated cost." });
export type UsdRange = z.infer<typeof UsdRange>;

export const RunEstimate = z
  .object({
    targets: z.int().describe("How many targets the run would have."),
    calls: z.int().describe("Calls to models that the run would make without retries."),
    cached_calls: z.int().describe("Calls it would not make because their answers are already stored."),
    input_tokens: TokenRange.describe("`high` is the most that a provider can count for the prompts."),
    output_tokens: TokenRange.describe("`high` assumes that each call reaches its output limit."),
    cost_usd: UsdRange.nullable().describe("`null` if the price of a model that it would call is unknown."),
  })
  .meta({
    id: "RunEstimate",
    description:
      "The expected calls and cost of a run. With many targets, it is extrapolated from a random sample.",
  });
export type RunEstimate = z.infer<typeof RunEstimate>;

export const EvalRunPage = page("EvalRunPage", EvalRunResponse);
export type EvalRunPage = z.infer<typeof EvalRunPage>;

export const RetryEvalRunRequest = z
  .object({
    name: runName.nullish().describe("Default: `Retry: <name or id of the original>`."),
    model: modelName
      .nullish()
      .describe("Another judge, as `provider/model`. Default: the judge or the jury of the original."),
    repeats: judgingOptions.repeats.describe(
      "How often each question is judged. Default: as often as in the original.",
    ),
    judges: judgingOptions.judges.describe(
      "Another jury, as `provider/model`. Default: the judge or the jury of the original.",
    ),
    aggregate: judgingOptions.aggregate.describe(
      "How the votes of the jury are combined. Default: as in the original, otherwise `mean`.",
    ),
    max_cost_usd: usd
      .nullish()
      .describe(
        "The most the new run may cost, in USD, regardless of the cost of the original. `null`: no limit. Default: the limit of the original.",
      ),
    fresh,
  })
  .meta({ id: "RetryEvalRunRequest" });
export type RetryEvalRunRequest = z.infer<typeof RetryEvalRunRequest>;
