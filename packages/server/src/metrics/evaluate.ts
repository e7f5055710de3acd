import { clamp01 } from "./clamp.ts";
import type { Judge } from "./judge.ts";
import { asksJudge, type TraceMetric, type Verdict } from "./metric.ts";
import { round4 } from "./round.ts";
import type { Subject } from "./subject.ts";
import { fit } from "./trim/fit.ts";
import { wrapJudge } from "./wrap-judge.ts";

export interface EvaluateOptions {
  /** A score at or above it is a `success`. Default: the metric's own. */
  readonly threshold?: number | undefined;
  /** Ends the evaluation early; `evaluateMetric` then rejects with its reason. */
  readonly signal: AbortSignal;
}

/** A verdict as it is stored. */
export interface Evaluation {
  /** In [0, 1], rounded to four decimals. */
  readonly score: number;
  /** The score as its shortest decimal: `"1"`, `"0.85"`. */
  readonly value: string;
  readonly reason: string;
  /**
   * What the metric found, with `threshold`, `success` and the `model` that judged (for a metric that only embeds: the
   * embedding model); `trimmed: true` where the judge could not be shown the whole trace.
   */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What a metric says about a trace is kept in its score's row: no more of it than this, whatever the trace holds. */
const MAX_METADATA_CHARS = 64_000;

/**
 * Evaluates one metric of one trace.
 *
 * @throws JudgeError when the judge could not answer; whatever `signal` was aborted with.
 */
export async function evaluateMetric(
  metric: TraceMetric,
  subject: Subject,
  judge: Judge,
  { threshold = metric.defaultThreshold, signal }: EvaluateOptions,
): Promise<Evaluation> {
  signal.throwIfAborted();
  const verdict = await metric.evaluate(subject, embeddingFor(subject, judge), signal);
  const { score, value } = storedScore(metric.name, verdict);
  const asks = asksJudge(metric);
  return {
    score,
    value,
    reason: verdict.reason,
    metadata: {
      ...boundedMetadata(verdict.metadata),
      threshold,
      success: score >= threshold,
      model: asks ? judge.model : judge.embeddingModel,
      ...(asks && (subject.trimmed || judge.hasShortened?.(subject.trace)) && { trimmed: true }),
    },
  };
}

/** The same judge, for whom texts are from the trace that is evaluated unless the metric says otherwise. */
function embeddingFor({ trace }: Subject, judge: Judge): Judge {
  return wrapJudge(judge, {
    embed: (texts, signal, traceIds = texts.map(() => trace.trace_id)) =>
      judge.embed(texts, signal, traceIds),
  });
}

/** The score of a verdict as it is stored, as a number and as text. */
export function storedScore(metricName: string, verdict: Verdict): Pick<Evaluation, "score" | "value"> {
  if (Number.isNaN(verdict.score))
    throw new TypeError(`The metric ${metricName} gave no number as its score.`);
  const score = round4(clamp01(verdict.score));
  return { score, value: String(score) };
}

function boundedMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(metadata);
  const room = Math.floor(MAX_METADATA_CHARS / Math.max(1, entries.length));
  return Object.fromEntries(entries.map(([key, value]) => [key, fit(value, room).value]));
}
