import { type ScoreResult, storedScore } from "../evaluate.ts";
import type { MetricResult } from "../metric.ts";
import { refuseIfUnaffordable, type SignalWeights, type TraceSignals } from "./signals.ts";

/** A metric of a whole session: arithmetic over the signals of its traces. */
export interface SessionMetric {
  readonly name: string;
  /** One sentence, shown by `GET /evaluations/session-metrics`. */
  readonly description: string;
  /** A score at or above it counts as `success` in the metadata. */
  readonly defaultThreshold: number;
  /**
   * @param traces all traces of the session, in order.
   * @throws JudgeError if every signal failed, so that there is nothing to score.
   */
  aggregate(traces: readonly TraceSignals[], weights: SignalWeights): MetricResult;
}

export interface AggregateOptions {
  /** A score at or above it is a `success`. */
  readonly threshold: number;
  /** The judge that the signals are from. */
  readonly model: string;
}

/**
 * The score of a session, as it is stored.
 *
 * @throws JudgeError if every signal failed, or if one exceeded the run's budget.
 */
export function aggregateMetric(
  metric: SessionMetric,
  traces: readonly TraceSignals[],
  weights: SignalWeights,
  { threshold, model }: AggregateOptions,
): ScoreResult {
  refuseIfUnaffordable(traces);
  const result = metric.aggregate(traces, weights);
  const { score, value } = storedScore(metric.name, result);
  return {
    score,
    value,
    reason: result.reason,
    metadata: { ...result.metadata, threshold, success: score >= threshold, model },
  };
}
