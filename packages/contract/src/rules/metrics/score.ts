/** The result of a metric: a score in [0, 1], where higher is better, the reason, and the findings behind it. */
export interface MetricResult {
  readonly score: number;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /**
   * Set if the metric had nothing to judge: why, as a code such as `no_plan`. The score is then 1 by convention and says
   * nothing about the agent; every statistic leaves it out.
   */
  readonly notApplicable?: string | undefined;
}

/** The result of a metric as it is stored. */
export interface ScoreResult {
  /** In [0, 1], rounded to four decimals. */
  readonly score: number;
  /** The score as its shortest decimal: `"1"`, `"0.85"`. */
  readonly value: string;
  readonly reason: string;
  /**
   * The metric's own metadata, plus `threshold`, `success` and the `model` that judged. If there was nothing to judge,
   * `applicable: false` and why, as `note`.
   */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What the score of a metric is stored with. */
export interface ScoreContext {
  /** A score at or above it is a `success`. */
  readonly threshold: number;
  /** The model that judged: the embedding model for a metric that only embeds. */
  readonly model: string | null;
  /** The version of a project's own metric. */
  readonly version?: number | undefined;
}

/** The score that is stored for a result. @throws TypeError if the score is not a number. */
export function scoreResult(
  metricName: string,
  result: MetricResult,
  { threshold, model, version }: ScoreContext,
): ScoreResult {
  if (Number.isNaN(result.score))
    throw new TypeError(`The metric ${metricName} returned a score that is not a number.`);
  const score = round4(clamp01(result.score));
  return {
    score,
    value: String(score),
    reason: result.reason,
    metadata: {
      ...result.metadata,
      ...versionOf(version),
      ...(result.notApplicable !== undefined && { applicable: false, note: result.notApplicable }),
      threshold,
      success: score >= threshold,
      model,
    },
  };
}

function versionOf(version: number | undefined) {
  return version === undefined ? {} : { metric_version: version };
}

/** The metadata of a score that failed. */
export function failedMetadata({ threshold, model, version }: ScoreContext, code?: string) {
  return {
    ...versionOf(version),
    threshold,
    success: false,
    model,
    ...(code !== undefined && { error: code }),
  };
}

/** `score`, limited to [0, 1]. */
export function clamp01(score: number): number {
  return Math.min(1, Math.max(0, score));
}

/** Rounds to four decimals, the precision of stored scores and of all numbers in their metadata. */
export function round4(value: number): number {
  const rounded = Math.round(value * 10_000) / 10_000;
  // −0 would be written as "-0".
  return rounded === 0 ? 0 : rounded;
}
