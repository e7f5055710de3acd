import type { SessionScoreResponse } from "@pandaprobe/sdk";
import type { SampleTrace } from "../load-traces.ts";
import { scoreText } from "./score-text.ts";

/** The part of a session score's metadata that is shown. */
interface Findings {
  readonly flagged_traces?: readonly string[];
  readonly per_trace_signals?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The traces that lower a session's score most, each with its high risks. */
export function flaggedTraces({ metadata }: SessionScoreResponse, samples: readonly SampleTrace[]): string[] {
  const { flagged_traces: flagged = [], per_trace_signals: signals = {} } = metadata as Findings;
  return flagged.map((id) => {
    const name = samples.find(({ trace }) => trace.trace_id === id)?.trace.name ?? id;
    const risks = Object.entries(signals[id] ?? {})
      .filter(([risk, value]) => risk !== "step_risk" && value > 0.5)
      .map(([risk, value]) => `${risk} ${scoreText(value)}`);
    return `${name}: ${risks.join(", ")}`;
  });
}
