/** The trace metrics that the session metrics are made of. */
export const SIGNALS = ["confidence", "loop_detection", "tool_correctness", "coherence"] as const;

export type Signal = (typeof SIGNALS)[number];

/** How much the risk of each signal weighs: finite numbers of at least 0. */
export type SignalWeights = Readonly<Record<Signal, number>>;

export const DEFAULT_SIGNAL_WEIGHTS: SignalWeights = {
  confidence: 1,
  loop_detection: 1,
  tool_correctness: 0.8,
  coherence: 1,
};

/** What is known of one trace of a session. */
export interface TraceSignals {
  readonly trace_id: string;
  /** Scores in [0, 1]; a missing one is skipped, never taken as zero. */
  readonly signals: Readonly<Partial<Record<Signal, number>>>;
  /** The signals that were tried and could not be had. */
  readonly failed: readonly FailedSignal[];
}

export interface FailedSignal {
  readonly signal: Signal;
  readonly reason: string;
}

/** Whether anything is known of a trace. */
export function hasSignals(trace: TraceSignals): boolean {
  return Object.values(trace.signals).some((value) => value !== undefined);
}

/** `1 − signal`, unweighted; undefined where the signal is missing. */
export function riskOf(trace: TraceSignals, signal: Signal): number | undefined {
  const value = trace.signals[signal];
  return value === undefined ? undefined : 1 - value;
}

/** The weighted risks of those of `signals` that a trace has. */
export function weightedRisks(
  trace: TraceSignals,
  signals: readonly Signal[],
  weights: SignalWeights,
): number[] {
  return signals.flatMap((signal) => {
    const risk = riskOf(trace, signal);
    return risk === undefined ? [] : [weights[signal] * risk];
  });
}

/** The worst of a trace's weighted risks, `max(wᵢ × riskᵢ)`; 0 if it has no signal. */
export function stepRisk(trace: TraceSignals, weights: SignalWeights): number {
  return Math.max(0, ...weightedRisks(trace, SIGNALS, weights));
}
