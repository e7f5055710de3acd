import { type ScoreResult, scoreResult } from "@pandaprobe/contract/rules";
import { type Judge, wrapJudge } from "./judge.ts";
import { asksJudge, onlyReads, type TraceMetric } from "./metric.ts";
import type { Subject } from "./subject.ts";
import { fit } from "./trim/fit.ts";

export interface EvaluateOptions {
  /** A score at or above it is a `success`. Default: the metric's own. */
  readonly threshold?: number | undefined;
  /** Aborts the evaluation; `evaluateMetric` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Metadata is stored in the score's row; this limits it whatever the trace contains. */
const MAX_METADATA_CHARS = 64_000;

/**
 * Evaluates one metric on one trace. `trimmed: true` in the metadata if the trace was too long to show the judge in
 * full.
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
  const asks = asksJudge(metric);
  const bounded = { ...result, metadata: boundedMetadata(result.metadata) };
  const stored = scoreResult(metric.name, bounded, {
    threshold,
    version: metric.version,
    model: asks ? judge.model : onlyReads(metric) ? null : judge.embeddingModel,
  });
  const isTrimmed = asks && (subject.trimmed || judge.hasShortened?.(subject.trace) === true);
  return isTrimmed ? { ...stored, metadata: { ...stored.metadata, trimmed: true } } : stored;
}

/** The same judge, which attributes embedded texts to the evaluated trace unless the metric names another one. */
function embeddingFor({ trace }: Subject, judge: Judge): Judge {
  return wrapJudge(judge, {
    embed: (texts, signal, traceIds = texts.map(() => trace.trace_id)) =>
      judge.embed(texts, signal, traceIds),
  });
}

function boundedMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(metadata);
  const room = Math.floor(MAX_METADATA_CHARS / Math.max(1, entries.length));
  return Object.fromEntries(entries.map(([key, value]) => [key, fit(value, room).value]));
}
