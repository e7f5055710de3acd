import type { ScoreDataType } from "../../common/enums.ts";
import type { GivenScore, JudgeOfReview, ReviewVerdict } from "../../review-items.ts";
import type { ReviewChoice, ReviewedMetric, ReviewMetricRequest } from "../../review-queues.ts";
import { canonicalScoreValue, scoreValueError } from "../../score-value.ts";
import { defaultThresholdOf, metricKindOf } from "../metrics/catalogue.ts";
import { type OwnMetric, resolveMetric } from "../metrics/own-metrics.ts";
import { round4 } from "../metrics/score.ts";
import { invalidField, ProblemError } from "../problem.ts";
import type { TargetType } from "../runs.ts";

/**
 * What reviewers score. A name without a data type must be a metric of such targets.
 *
 * @throws ProblemError `unknown_metric`; `validation_error` for a metric with another data type than its scores have.
 */
export function reviewedMetric(
  type: TargetType,
  { name, data_type: dataType, choices }: ReviewMetricRequest,
  own: OwnMetric | undefined,
): ReviewedMetric {
  if (dataType === undefined) {
    const { description, defaultThreshold } = known(type, name, own);
    const anchors = own === undefined ? null : anchorsOf(own);
    return { name, data_type: "NUMERIC", description, threshold: defaultThreshold, choices: anchors };
  }
  if (dataType !== "NUMERIC" && (own !== undefined || metricKindOf(name) !== undefined)) {
    const msg = `${JSON.stringify(name)} is a metric, whose scores are NUMERIC: leave data_type out, or choose another name`;
    throw refused("metrics", msg);
  }
  return {
    name,
    data_type: dataType,
    description: null,
    threshold: dataType === "CATEGORICAL" ? null : defaultThresholdOf(name),
    choices: choices?.map((label) => ({ value: label, label })) ?? null,
  };
}

function known(type: TargetType, name: string, own: OwnMetric | undefined) {
  try {
    return resolveMetric(type, name, own);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(error.code, `${error.message} For a label of your own, say its data_type.`);
  }
}

/** The anchors of a scale as values of its scores. */
function anchorsOf({ definition }: OwnMetric): ReviewChoice[] | null {
  if (definition.kind !== "scale") return null;
  const values = definition.anchors.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return definition.anchors
    .toSorted((one, other) => one.value - other.value)
    .map(({ value, text }) => ({ value: String(round4((value - low) / (high - low))), label: text }));
}

/** A score that a reviewer gave, as it is stored. */
export interface CheckedScore {
  readonly name: string;
  readonly data_type: ScoreDataType;
  readonly value: string;
  readonly reason: string | null;
}

/** @throws ProblemError `validation_error` for a score that does not fit the queue's metrics. */
export function checkedScores(
  metrics: readonly ReviewedMetric[],
  given: readonly GivenScore[],
): CheckedScore[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const seen = new Set<string>();
  return given.map(({ name, value, reason = null }, i) => {
    const metric = byName.get(name);
    if (metric === undefined) {
      const names = metrics.map((known) => known.name).join(", ");
      throw refused(`scores.${i}.name`, `is not a metric of this queue; its metrics are: ${names}`);
    }
    if (seen.has(name)) throw refused(`scores.${i}.name`, `${JSON.stringify(name)} is scored twice`);
    seen.add(name);
    const error = scoreValueError(metric.data_type, value) ?? choiceError(metric, value);
    if (error !== null) throw refused(`scores.${i}.value`, error);
    return { name, data_type: metric.data_type, value: canonicalScoreValue(metric.data_type, value), reason };
  });
}

function choiceError({ data_type, choices }: ReviewedMetric, value: string): string | null {
  if (data_type !== "CATEGORICAL" || choices === null) return null;
  if (choices.some((choice) => choice.value === value)) return null;
  return `must be one of ${choices.map((choice) => JSON.stringify(choice.value)).join(", ")}`;
}

function refused(field: string, msg: string): ProblemError {
  return invalidField("validation_error", field, msg, "custom");
}

/** The judge's verdict on each metric, and whether the reviewer agrees. */
export function reviewVerdicts(
  metrics: readonly ReviewedMetric[],
  judges: ReadonlyMap<string, JudgeOfReview>,
  given: readonly Pick<CheckedScore, "name" | "value">[],
): ReviewVerdict[] {
  const values = new Map(given.map(({ name, value }) => [name, value]));
  return metrics.map((metric) => {
    const judge = judges.get(metric.name) ?? null;
    return { name: metric.name, judge, agrees: agrees(metric, judge, values.get(metric.name)) };
  });
}

function agrees(
  { data_type, threshold }: ReviewedMetric,
  judge: JudgeOfReview | null,
  given: string | undefined,
): boolean | null {
  if (given === undefined || !judge?.applicable || judge.status !== "SUCCESS" || judge.value === null)
    return null;
  if (threshold === null) return judge.data_type === data_type ? judge.value === given : null;
  const [ours, judges] = [numberOf(data_type, given), numberOf(judge.data_type, judge.value)];
  return ours === null || judges === null ? null : ours >= threshold === judges >= threshold;
}

function numberOf(type: ScoreDataType, value: string): number | null {
  if (type === "NUMERIC") return Number(value);
  return type === "BOOLEAN" ? Number(value === "true") : null;
}
