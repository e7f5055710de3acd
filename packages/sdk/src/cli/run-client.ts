import { type EvalRunResponse, PandaProbe, type RequestOptions, type RunEstimate } from "@pandaprobe/sdk";
import { environmentVariable } from "../options/environment.ts";
import type { EvalSettings } from "./eval-settings.ts";
import type { RunSource } from "./run-source.ts";
import { UsageError } from "./usage-error.ts";
import type { Score } from "./verdict.ts";

/** @throws UsageError where the key or the project is missing: the client's own message speaks of code. */
export function connect({ endpoint, projectName }: EvalSettings): PandaProbe {
  if (environmentVariable("PANDAPROBE_API_KEY") === undefined) {
    throw new UsageError("No API key: set the environment variable PANDAPROBE_API_KEY, in CI as a secret.");
  }
  if (projectName === undefined && environmentVariable("PANDAPROBE_PROJECT_NAME") === undefined) {
    throw new UsageError(
      "Which project? --project my-agent, or the environment variable PANDAPROBE_PROJECT_NAME.",
    );
  }
  return new PandaProbe({ endpoint, projectName });
}

/** Makes the run, or names the one that there is. */
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
 * Asks what a run would cost.
 *
 * @throws UsageError where it is not filters that select what it would evaluate, at once.
 */
export function estimateRun(client: PandaProbe, source: RunSource): PromiseLike<RunEstimate> {
  if (source.kind === "traces" && !("trace_ids" in source.body)) return client.estimateTraceRun(source.body);
  if (source.kind === "sessions" && !("session_ids" in source.body))
    return client.estimateSessionRun(source.body);
  throw new UsageError(
    "--estimate reckons with what filters select: --trace, --session and --run have no meaning beside it.",
  );
}

const isOfSessions = ({ target_type }: EvalRunResponse): boolean => target_type === "SESSION";

export async function scoresOf(
  client: PandaProbe,
  run: EvalRunResponse,
  signal: AbortSignal,
): Promise<Score[]> {
  return isOfSessions(run)
    ? client.getSessionRunScores(run.id, {}, { signal })
    : client.getTraceRunScores(run.id, {}, { signal });
}

/** Looks at a run, once, and does not wait for news of it. */
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
