import { type SignalWeights as GivenWeights, signalNames } from "../../../signal-weights.ts";

import { JudgeError, type JudgeErrorCode } from "../judge-error.ts";

/** The trace metrics that the session metrics are made of. */
export const SIGNALS = signalNames;

export type Signal = (typeof SIGNALS)[number];

/** How much the risk of each signal weighs: finite numbers of at least 0. */
export type SignalWeights = Readonly<Record<Signal, number>>;

export const DEFAULT_SIGNAL_WEIGHTS: SignalWeights = {
  confidence: 1,
  loop_detection: 1,
  tool_correctness: 0.8,
  coherence: 1,
};

/**
 * Larger weights are capped here. At this weight any risk at all makes a session's score 0, and sums and squares of weighted
 * risks stay finite.
 */
const LARGEST_WEIGHT = 1e15;

/** The weights of a run: the requested ones, over the defaults. */
export function signalWeights(given: GivenWeights | null | undefined): SignalWeights {
  const of = (signal: Signal) => given?.[signal] ?? DEFAULT_SIGNAL_WEIGHTS[signal];
  return {
    confidence: of("confidence"),
    loop_detection: of("loop_detection"),
    tool_correctness: of("tool_correctness"),
    coherence: of("coherence"),
  };
}

/** The signals of one trace of a session. */
export interface TraceSignals {
  readonly trace_id: string;
  /** Scores in [0, 1]. A missing one is skipped; it does not count as zero. */
  readonly signals: Readonly<Partial<Record<Signal, number>>>;
  /** The signals that had nothing to judge, as for a first trace or an empty output. Their value is 1 by convention. */
  readonly notApplicable?: readonly Signal[];
  /** The signals that could not be computed. */
  readonly failed: readonly FailedSignal[];
}

export interface FailedSignal {
  readonly signal: Signal;
  readonly reason: string;
  /** Why, for programs. */
  readonly error?: JudgeErrorCode | undefined;
}

/** Whether a trace has any signal. */
export function hasSignals(trace: TraceSignals): boolean {
  return Object.values(trace.signals).some((value) => value !== undefined);
}

/** Whether a trace has a signal that had something to judge. */
export function hasApplicableSignals({ signals, notApplicable = [] }: TraceSignals): boolean {
  return SIGNALS.some((signal) => signals[signal] !== undefined && !notApplicable.includes(signal));
}

/** `1 − signal`, unweighted; undefined if the signal is missing. */
export function riskOf(trace: TraceSignals, signal: Signal): number | undefined {
  const value = trace.signals[signal];
  return value === undefined ? undefined : 1 - value;
}

/** The risk times the weight of its signal. */
export function weighted(risk: number, signal: Signal, weights: SignalWeights): number {
  return Math.min(weights[signal], LARGEST_WEIGHT) * risk;
}

/** The weighted risks of those of the given signals that the trace has. */
export function weightedRisks(
  trace: TraceSignals,
  signals: readonly Signal[],
  weights: SignalWeights,
): number[] {
  return signals.flatMap((signal) => {
    const risk = riskOf(trace, signal);
    return risk === undefined ? [] : [weighted(risk, signal, weights)];
  });
}

/** The worst of a trace's weighted risks, `max(wᵢ × riskᵢ)`; 0 if it has no signal. */
export function stepRisk(trace: TraceSignals, weights: SignalWeights): number {
  return Math.max(0, ...weightedRisks(trace, SIGNALS, weights));
}

/** @throws JudgeError if there are failed signals: a session whose signals all failed must not look flawless. */
export function refuseIfAllFailed(what: string, failed: readonly FailedSignal[]): void {
  const [first] = failed;
  if (first === undefined) return;
  throw new JudgeError(
    `None of the ${what} of this session could be computed: ${failed.length} failed, the first (${first.signal}) because: ${first.reason}`,
  );
}

/** @throws JudgeError if a signal exceeded the run's budget. That says nothing about the session, and a retry computes it. */
export function refuseIfUnaffordable(traces: readonly TraceSignals[]): void {
  const failed = traces.flatMap((trace) => trace.failed);
  const unaffordable = failed.find(({ error }) => error === "budget_exceeded");
  if (unaffordable !== undefined) throw new JudgeError(unaffordable.reason, { code: "budget_exceeded" });
}
