import { describeMetric } from "../catalogue.ts";
import { clamp01, round4 } from "../score.ts";
import type { SessionMetric } from "./session-metric.ts";
import { failedSignals, riskReport } from "./signal-report.ts";
import {
  type FailedSignal,
  hasSignals,
  refuseIfAllFailed,
  riskOf,
  type Signal,
  type SignalWeights,
  type TraceSignals,
  weighted,
  weightedRisks,
} from "./signals.ts";

/** The signals that aggravate a trace's lack of confidence. */
const SITUATION: readonly Signal[] = ["loop_detection", "tool_correctness", "coherence"];
/** Traces with a weighted uncertainty above it are flagged. */
const FLAG_ABOVE = 0.5;

/**
 * How stable the agent was across a session. Over the traces that have `confidence`: `penalty = Σ w × risk` of the other
 * signals present, `u = (1 + penalty) × w_conf × confidence_risk`, `score = clamp(1 − sqrt(mean(u²)), 0, 1)`.
 */
export const agentConsistency: SessionMetric = {
  ...describeMetric("agent_consistency"),
  aggregate(traces, weights) {
    const evaluated = traces.flatMap((trace) => evaluate(trace, weights));
    const failed = failedSignals(traces);
    if (evaluated.length === 0) refuseIfAllFailed("confidence signals", decisiveFailures(traces));
    const meanSquare =
      evaluated.reduce((sum, { uncertainty }) => sum + uncertainty ** 2, 0) / Math.max(1, evaluated.length);
    const rms = Math.sqrt(meanSquare);
    const flagged = evaluated.filter(({ uncertainty }) => uncertainty > FLAG_ABOVE);
    return {
      score: clamp01(1 - rms),
      reason: reasonFor(traces, evaluated.length, flagged.length, rms),
      ...(evaluated.length === 0 && { notApplicable: "no_signals" }),
      metadata: {
        total_traces_in_session: traces.length,
        traces_evaluated: evaluated.length,
        raw_instability: round4(rms),
        signal_weights: weights,
        per_trace_signals: Object.fromEntries(
          evaluated.map(({ trace, penalty, uncertainty }) => [
            trace.trace_id,
            {
              ...riskReport(trace, weights),
              situational_penalty: round4(penalty),
              weighted_uncertainty: round4(uncertainty),
            },
          ]),
        ),
        flagged_traces: flagged.map(({ trace }) => trace.trace_id),
        aggregation: { method: "weighted_rms", rms_value: round4(rms) },
        ...(failed.length > 0 && { failed_signals: failed }),
      },
    };
  },
};

interface Uncertainty {
  readonly trace: TraceSignals;
  readonly penalty: number;
  readonly uncertainty: number;
}

function evaluate(trace: TraceSignals, weights: SignalWeights): Uncertainty[] {
  const risk = riskOf(trace, "confidence");
  if (risk === undefined) return [];
  const penalty = weightedRisks(trace, SITUATION, weights).reduce((sum, next) => sum + next, 0);
  return [{ trace, penalty, uncertainty: (1 + penalty) * weighted(risk, "confidence", weights) }];
}

/** The failures because of which nothing can be evaluated: those of confidence, or all if no trace has any signal. */
function decisiveFailures(traces: readonly TraceSignals[]): readonly FailedSignal[] {
  const failed = traces.flatMap((trace) => trace.failed);
  return traces.some(hasSignals) ? failed.filter(({ signal }) => signal === "confidence") : failed;
}

function reasonFor(traces: readonly TraceSignals[], evaluated: number, flagged: number, rms: number): string {
  if (traces.length === 0) return "No traces or signals to evaluate.";
  if (evaluated === 0) return "No evaluable traces.";
  return `${flagged} of ${evaluated} traces have a weighted uncertainty above ${FLAG_ABOVE}; the root mean square is ${round4(rms)}.`;
}
