import { type Judge, wrapJudge } from "./judge.ts";
import { asksJudge, type MetricResult, type TraceMetric } from "./metric.ts";
import { clamp01, round4 } from "./score.ts";
import type { Subject } from "./subject.ts";
import { fit } from "./trim/fit.ts";

export interface EvaluateOptions {
  /** A score at or above it is a `success`. Default: the metric's own. */
  readonly threshold?: number | undefined;
  /** Aborts the evaluation; `evaluateMetric` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** The result of a metric as it is stored. */
export interface ScoreResult {
  /** In [0, 1], rounded to four decimals. */
  readonly score: number;
  /** The score as its shortest decimal: `"1"`, `"0.85"`. */
  readonly value: string;
  readonly reason: string;
  /**
   * The metric's own metadata, plus `threshold`, `success` and the `model` that judged (the embedding model for a metric that
   * only embeds). `trimmed: true` if the trace was too long to show the judge in full.
   */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Metadata is stored in the score's row; this bounds it whatever the trace holds. */
const MAX_METADATA_CHARS = 64_000;

/**
 * Evaluates one metric on one trace.
 *
 * @throws JudgeError if the judge could not answer; the reason of `signal` if it was aborted.
 */
export async function evaluateMetric(
  metric: TraceMetric,
  subject: Subject,
  judge: Judge,
  { threshold = metric.defaultThreshold, signal }: EvaluateOptions,
): Promise<ScoreResult> {
  signal.throwIfAborted();
  const result = await metric.evaluate(subject, embeddingFor(subject, judge), signal);
  const { score, value } = storedScore(metric.name, result);
  const asks = asksJudge(metric);
  return {
    score,
    value,
    reason: result.reason,
    metadata: {
      ...boundedMetadata(result.metadata),
      threshold,
      success: score >= threshold,
      model: asks ? judge.model : judge.embeddingModel,
      ...(asks && (subject.trimmed || judge.hasShortened?.(subject.trace)) && { trimmed: true }),
    },
  };
}

/** The same judge, which attributes embedded texts to the evaluated trace unless the metric names another one. */
function embeddingFor({ trace }: Subject, judge: Judge): Judge {
  return wrapJudge(judge, {
    embed: (texts, signal, traceIds = texts.map(() => trace.trace_id)) =>
      judge.embed(texts, signal, traceIds),
  });
}

/** A metric's score as it is stored, as a number and as text. @throws TypeError if it is not a number. */
export function storedScore(metricName: string, result: MetricResult): Pick<ScoreResult, "score" | "value"> {
  if (Number.isNaN(result.score))
    throw new TypeError(`The metric ${metricName} returned a score that is not a number.`);
  const score = round4(clamp01(result.score));
  return { score, value: String(score) };
}

function boundedMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(metadata);
  const room = Math.floor(MAX_METADATA_CHARS / Math.max(1, entries.length));
  return Object.fromEntries(entries.map(([key, value]) => [key, fit(value, room).value]));
}
