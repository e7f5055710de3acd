import type {
  EvalRunResponse,
  PandaProbe,
  RequestOptions,
  RunEstimate,
  ScorePreference,
} from "@pandaprobe/sdk";
import type { RunSource } from "./run-source.ts";
import { UsageError } from "./usage-error.ts";
import type { Score } from "./verdict.ts";

/** Creates the run, or returns the id of the existing one. */
export async function startRun(client: PandaProbe, source: RunSource): Promise<EvalRunResponse | string> {
  switch (source.kind) {
    case "traces":
      return "trace_ids" in source.body
        ? client.createTraceRunBatch(source.body)
        : client.createTraceRun(source.body);
    case "sessions":
      return "session_ids" in source.body
        ? client.createSessionRunBatch(source.body)
        : client.createSessionRun(source.body);
    case "existing":
      return source.runId;
  }
}

/**
 * Gets the estimate of a run.
 *
 * @throws UsageError, at once, if anything but filters selects the targets.
 */
export function estimateRun(client: PandaProbe, source: RunSource): PromiseLike<RunEstimate> {
  if (source.kind === "traces" && !("trace_ids" in source.body)) return client.estimateTraceRun(source.body);
  if (source.kind === "sessions" && !("session_ids" in source.body))
    return client.estimateSessionRun(source.body);
  throw new UsageError("--estimate works only with filters: remove --trace, --session or --run.");
}

const isOfSessions = ({ target_type }: EvalRunResponse): boolean => target_type === "SESSION";

export async function scoresOf(
  client: PandaProbe,
  run: EvalRunResponse,
  prefer: ScorePreference | undefined,
  signal: AbortSignal,
): Promise<Score[]> {
  return isOfSessions(run)
    ? client.getSessionRunScores(run.id, { prefer }, { signal })
    : client.getTraceRunScores(run.id, { prefer }, { signal });
}

/** Reads a run once, without waiting for a change. */
export async function readRun(
  client: PandaProbe,
  run: EvalRunResponse,
  options: RequestOptions,
): Promise<EvalRunResponse> {
  return isOfSessions(run) ? client.getSessionRun(run.id, options) : client.getTraceRun(run.id, options);
}

export async function cancelRun(client: PandaProbe, run: EvalRunResponse): Promise<EvalRunResponse> {
  return isOfSessions(run) ? client.cancelSessionRun(run.id) : client.cancelTraceRun(run.id);
}
