import type { SessionScoreResponse } from "@pandaprobe/sdk";

/** The four signals of a turn, as risks from 0 to 1, in the order of the gutter. */
export const signalNames = [
  ["confidence_risk", "Confidence"],
  ["loop_risk", "Loops"],
  ["tool_risk", "Tools"],
  ["coherence_risk", "Coherence"],
] as const;

export interface TurnRisk {
  /** The highest weighted risk. */
  readonly step: number;
  /** By the names above. Signals that failed are missing. */
  readonly signals: Readonly<Record<string, number>>;
}

/** The risks of each trace, from the newest score that reports them. */
export function turnRisks(scores: readonly SessionScoreResponse[]): ReadonlyMap<string, TurnRisk> {
  const reports = scores.find(
    ({ status, metadata }) => status === "SUCCESS" && "per_trace_signals" in metadata,
  );
  const byTrace = reports?.metadata["per_trace_signals"];
  if (typeof byTrace !== "object" || byTrace === null) return new Map();
  return new Map(
    Object.entries(byTrace as Record<string, Record<string, number>>).map(([id, signals]) => [
      id,
      { step: signals["step_risk"] ?? 0, signals },
    ]),
  );
}
