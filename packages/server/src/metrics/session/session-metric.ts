import type { Verdict } from "../metric.ts";
import type { SignalWeights, TraceSignals } from "./signals.ts";

/** A metric of a whole session: arithmetic over the signals of its traces. */
export interface SessionMetric {
  readonly name: string;
  /** One sentence, shown by `GET /evaluations/session-metrics`. */
  readonly description: string;
  /** A score at or above it counts as `success` in the metadata. */
  readonly defaultThreshold: number;
  /**
   * @param traces All traces of the session, in its order.
   * @throws JudgeError when signals were tried, all failed, and so there is nothing to score.
   */
  aggregate(traces: readonly TraceSignals[], weights: SignalWeights): Verdict;
}
