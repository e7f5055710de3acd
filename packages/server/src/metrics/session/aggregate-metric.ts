import { type Evaluation, storedScore } from "../evaluate.ts";
import { refuseIfUnaffordable } from "./nothing-to-score.ts";
import type { SessionMetric } from "./session-metric.ts";
import type { SignalWeights, TraceSignals } from "./signals.ts";

export interface AggregateOptions {
  /** A score at or above it is a `success`. */
  readonly threshold: number;
  /** The judge that the signals are from. */
  readonly model: string;
}

/**
 * The score of a session, as it is stored.
 *
 * @throws JudgeError when signals were tried, all failed, and so there is nothing to score; when the run could not afford
 * one of them.
 */
export function aggregateMetric(
  metric: SessionMetric,
  traces: readonly TraceSignals[],
  weights: SignalWeights,
  { threshold, model }: AggregateOptions,
): Evaluation {
  refuseIfUnaffordable(traces);
  const verdict = metric.aggregate(traces, weights);
  const { score, value } = storedScore(metric.name, verdict);
  return {
    score,
    value,
    reason: verdict.reason,
    metadata: { ...verdict.metadata, threshold, success: score >= threshold, model },
  };
}
