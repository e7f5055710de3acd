import { type SignalWeights as GivenWeights, signalNames } from "@pandaprobe/contract";

import type { JudgeErrorCode } from "../judge.ts";

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
 * Larger weights count as this one: any risk at all already makes a session's score 0 by then, and sums and squares of
 * what is weighted stay finite.
 */
const LARGEST_WEIGHT = 1e15;

/** The weights of a run: those that were asked for, over the defaults. */
export function signalWeights(given: GivenWeights | null | undefined): SignalWeights {
  const of = (signal: Signal) => given?.[signal] ?? DEFAULT_SIGNAL_WEIGHTS[signal];
  return {
    confidence: of("confidence"),
    loop_detection: of("loop_detection"),
    tool_correctness: of("tool_correctness"),
    coherence: of("coherence"),
  };
}

/** What is known of one trace of a session. */
export interface TraceSignals {
  readonly trace_id: string;
  /** Scores in [0, 1]; a missing one is skipped, never taken as zero. */
  readonly signals: Readonly<Partial<Record<Signal, number>>>;
  /** Those of the signals that are 1 because there was nothing to judge: a first trace, an empty output. */
  readonly vacuous?: readonly Signal[];
  /** The signals that were tried and could not be had. */
  readonly failed: readonly FailedSignal[];
}

export interface FailedSignal {
  readonly signal: Signal;
  readonly reason: string;
  /** Why, for programs. */
  readonly error?: JudgeErrorCode | undefined;
}

/** Whether anything is known of a trace. */
export function hasSignals(trace: TraceSignals): boolean {
  return Object.values(trace.signals).some((value) => value !== undefined);
}

/** Whether anything of a trace was really judged. */
export function hasJudgedSignals({ signals, vacuous = [] }: TraceSignals): boolean {
  return SIGNALS.some((signal) => signals[signal] !== undefined && !vacuous.includes(signal));
}

/** `1 − signal`, unweighted; undefined where the signal is missing. */
export function riskOf(trace: TraceSignals, signal: Signal): number | undefined {
  const value = trace.signals[signal];
  return value === undefined ? undefined : 1 - value;
}

/** A risk times the weight of its signal. */
export function weighted(risk: number, signal: Signal, weights: SignalWeights): number {
  return Math.min(weights[signal], LARGEST_WEIGHT) * risk;
}

/** The weighted risks of those of `signals` that a trace has. */
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
