import { signalNames } from "@pandaprobe/contract";

export const signals = signalNames;
export type Signal = (typeof signals)[number];
export type Weights = Readonly<Record<Signal, number>>;

const defaults: Weights = { confidence: 1, loop_detection: 1, tool_correctness: 0.8, coherence: 1 };

/** How much each signal weighs, given those that a run names. */
export function signalWeights(given: unknown): Weights {
  const named: Partial<Weights> = typeof given === "object" && given !== null ? given : {};
  return { ...defaults, ...named };
}
