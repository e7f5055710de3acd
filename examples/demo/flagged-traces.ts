import type { SessionScoreResponse } from "@pandaprobe/sdk";
import type { SampleTrace } from "../load-traces.ts";
import { scoreText } from "./score-text.ts";

/** What the metadata of a session's score says, as far as it is shown. */
interface Findings {
  readonly flagged_traces?: readonly string[];
  readonly per_trace_signals?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The traces that weigh most on a session's score, each with the risks that make it so. */
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
