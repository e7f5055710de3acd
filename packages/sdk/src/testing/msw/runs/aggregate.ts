import type { Verdict } from "../scores/score-book.ts";
import { rounded } from "./outcome.ts";
import { type Signal, signals, type Weights } from "./signals.ts";

/** What is known of one trace of a session: the risks (1 − signal) that could be had, and why the others could not. */
export interface TraceSignals {
  readonly traceId: string;
  readonly risks: Readonly<Partial<Record<Signal, number>>>;
  readonly failed: readonly { readonly trace_id: string; readonly signal: Signal; readonly reason: string }[];
}

const flaggedAbove = 0.5;
const topShare = 0.15;
const topWeight = 0.9;

/** A session's score, as the server makes it from the signals of its traces. */
export function aggregate(metric: string, traces: readonly TraceSignals[], weights: Weights): Verdict {
  const failed = traces.flatMap((trace) => trace.failed);
  const isConsistency = metric === "agent_consistency";
  const evaluated = traces.filter(({ risks }) =>
    isConsistency ? risks.confidence !== undefined : Object.keys(risks).length > 0,
  );
  const [first] = failed;
  if (evaluated.length === 0 && first !== undefined) {
    return { failed: `None of the signals of this session could be computed: ${first.reason}` };
  }
  const risk = isConsistency ? uncertainty : stepRisk;
  const risks = evaluated.map((trace) => ({ id: trace.traceId, risk: risk(trace, weights) }));
  const raw = isConsistency
    ? rootMeanSquare(risks.map((each) => each.risk))
    : worst(risks.map((each) => each.risk));
  const flagged = risks.filter((each) => each.risk > flaggedAbove).map(({ id }) => id);
  return {
    value: Math.min(Math.max(1 - raw, 0), 1),
    reason: `${flagged.length} of ${evaluated.length} traces carry a risk above ${flaggedAbove}.`,
    metadata: {
      total_traces_in_session: traces.length,
      traces_evaluated: evaluated.length,
      [isConsistency ? "raw_instability" : "raw_risk"]: rounded(raw),
      signal_weights: weights,
      per_trace_signals: Object.fromEntries(
        evaluated.map((trace) => [trace.traceId, report(trace, weights)]),
      ),
      flagged_traces: flagged,
      ...(failed.length > 0 ? { failed_signals: failed } : {}),
    },
  };
}

/** The weighted risk that is the highest. */
function stepRisk({ risks }: TraceSignals, weights: Weights): number {
  return Math.max(...signals.map((signal) => weights[signal] * (risks[signal] ?? 0)));
}

/** The risk that the trace lacks confidence, aggravated by the others. */
function uncertainty({ risks }: TraceSignals, weights: Weights): number {
  const { confidence = 0, ...others } = risks;
  const penalty = signals.reduce((sum, signal) => {
    return signal === "confidence" ? sum : sum + weights[signal] * (others[signal] ?? 0);
  }, 0);
  return (1 + penalty) * weights.confidence * confidence;
}

/** Mostly the mean of the riskiest traces, and a little of the very worst. */
function worst(risks: readonly number[]): number {
  const sorted = [...risks].sort((a, b) => b - a);
  const top = sorted.slice(0, Math.max(1, Math.ceil((topShare * 100 * sorted.length) / 100)));
  const mean = top.reduce((sum, risk) => sum + risk, 0) / Math.max(1, top.length);
  return topWeight * mean + (1 - topWeight) * (sorted[0] ?? 0);
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, values.length));
}

function report(trace: TraceSignals, weights: Weights) {
  const names = {
    confidence: "confidence_risk",
    loop_detection: "loop_risk",
    tool_correctness: "tool_risk",
    coherence: "coherence_risk",
  } as const satisfies Record<Signal, string>;
  const known = signals.flatMap((signal) => {
    const risk = trace.risks[signal];
    return risk === undefined ? [] : [[names[signal], rounded(risk)] as const];
  });
  return { ...Object.fromEntries(known), step_risk: rounded(stepRisk(trace, weights)) };
}
