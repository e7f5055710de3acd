import type { MetricDescription } from "../catalogue.ts";
import { type MetricResult, type ScoreContext, type ScoreResult, scoreResult } from "../score.ts";
import { refuseIfUnaffordable, type SignalWeights, type TraceSignals } from "./signals.ts";

/** A metric of a whole session: arithmetic over the signals of its traces. */
export interface SessionMetric extends MetricDescription {
  /**
   * @param traces all traces of the session, in order.
   * @throws JudgeError if every signal failed, so that there is nothing to score.
   */
  aggregate(traces: readonly TraceSignals[], weights: SignalWeights): MetricResult;
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
  context: ScoreContext,
): ScoreResult {
  refuseIfUnaffordable(traces);
  return scoreResult(metric.name, metric.aggregate(traces, weights), context);
}
