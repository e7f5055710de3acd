import type { TraceScoreResponse } from "@pandaprobe/sdk";
import type { SampleTrace } from "../load-traces.ts";

/** The scores of one trace. */
export interface ScoredTrace {
  readonly agent: string;
  /** The trace's name, without the agent's name at its start. */
  readonly label: string;
  /** By metric, without those that have no score yet. */
  readonly scores: ReadonlyMap<string, TraceScoreResponse>;
}

/** The traces with their scores, in the order of the traces. */
export function scoreMatrix(
  samples: readonly SampleTrace[],
  scores: readonly TraceScoreResponse[],
): ScoredTrace[] {
  const byTrace = Map.groupBy(scores, (score) => score.trace_id);
  return samples.map(({ agent, trace }) => ({
    agent,
    label: trace.name.startsWith(`${agent}.`) ? trace.name.slice(agent.length + 1) : trace.name,
    scores: new Map((byTrace.get(trace.trace_id ?? "") ?? []).map((score) => [score.name, score])),
  }));
}

/** The score as a number; `null` if it failed. */
export function scoreNumber(score: TraceScoreResponse): number | null {
  return score.status === "SUCCESS" && score.value !== null ? Number(score.value) : null;
}

/** Whether the metric applies to the trace: one without a plan has none to judge. */
export function isApplicable({ metadata }: TraceScoreResponse): boolean {
  return metadata["applicable"] !== false;
}
