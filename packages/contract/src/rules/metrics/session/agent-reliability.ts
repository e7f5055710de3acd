import { describeMetric } from "../catalogue.ts";
import { clamp01, round4 } from "../score.ts";
import type { SessionMetric } from "./session-metric.ts";
import { failedSignals, riskReport } from "./signal-report.ts";
import { hasApplicableSignals, hasSignals, refuseIfAllFailed, stepRisk } from "./signals.ts";

/** The share of the riskiest traces whose mean risk makes up most of the score. */
const TOP_K_PERCENTILE = 0.15;
/** The weight of that mean; the rest is the weight of the single worst trace. */
const ENSEMBLE_WEIGHT = 0.9;
/** Traces with a risk above it are flagged. */
const FLAG_ABOVE = 0.5;

/**
 * How bad the worst traces of a session were, over the traces with an applicable signal. Per trace `r = max(wᵢ × riskᵢ)`; with the traces by descending risk,
 * `k = max(1, ceil(0.15 n))` and `m` the mean of the first k, `score = clamp(1 − (0.9 m + 0.1 max r), 0, 1)`.
 */
export const agentReliability: SessionMetric = {
  ...describeMetric("agent_reliability"),
  aggregate(traces, weights) {
    const evaluated = traces
      .filter(hasApplicableSignals)
      .map((trace) => ({ trace, risk: stepRisk(trace, weights) }))
      .sort((a, b) => b.risk - a.risk);
    if (evaluated.length === 0)
      refuseIfAllFailed(
        "signals",
        traces.flatMap(({ failed }) => failed),
      );

    // In whole percent, because 0.15 × n can come out just above a whole number.
    const k = Math.max(1, Math.ceil((TOP_K_PERCENTILE * 100 * evaluated.length) / 100));
    const top = evaluated.slice(0, k);
    const mean = top.length === 0 ? 0 : top.reduce((sum, { risk }) => sum + risk, 0) / top.length;
    const max = evaluated[0]?.risk ?? 0;
    const raw = ENSEMBLE_WEIGHT * mean + (1 - ENSEMBLE_WEIGHT) * max;
    const flagged = evaluated.filter(({ risk }) => risk > FLAG_ABOVE).map(({ trace }) => trace.trace_id);
    const failed = failedSignals(traces);
    return {
      score: clamp01(1 - raw),
      reason:
        evaluated.length === 0
          ? "No traces or signals to evaluate."
          : reasonFor(flagged.length, evaluated.length, max),
      ...(evaluated.length === 0 && { notApplicable: "no_signals" }),
      metadata: {
        total_traces_in_session: traces.length,
        traces_evaluated: evaluated.length,
        raw_risk: round4(raw),
        signal_weights: weights,
        per_trace_signals: Object.fromEntries(
          traces.filter(hasSignals).map((trace) => [trace.trace_id, riskReport(trace, weights)]),
        ),
        flagged_traces: flagged,
        aggregation: {
          method: "max_compose_top_k",
          top_k_percentile: TOP_K_PERCENTILE,
          ensemble_weight: ENSEMBLE_WEIGHT,
          mean_top_k_risk: round4(mean),
          max_risk: round4(max),
        },
        ...(failed.length > 0 && { failed_signals: failed }),
      },
    };
  },
};

function reasonFor(flagged: number, evaluated: number, max: number): string {
  return `${flagged} of ${evaluated} traces have a risk above ${FLAG_ABOVE}; the highest is ${round4(max)}.`;
}
