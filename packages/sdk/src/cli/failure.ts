import {
  type EvalRunResponse,
  isApiError,
  isAuthenticationError,
  isBadRequestError,
  isConflictError,
  isNotFoundError,
  isRunWaitTimeoutError,
  isValidationError,
  type PandaProbe,
  type RunWaitTimeoutError,
} from "@pandaprobe/sdk";
import { defaultEndpoint } from "../options/configuration.ts";
import { environmentVariable } from "../options/environment.ts";
import type { EvalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import { oneLine } from "./printable.ts";
import type { NewRunSource } from "./run-source.ts";

/** Why there is no result. */
export interface Failure {
  /** What went wrong, and what to do. */
  readonly message: string;
  readonly exitCode: number;
}

/** @param run the run as last seen, if there is one. */
export async function failureOf(
  client: PandaProbe,
  settings: EvalSettings,
  error: unknown,
  run: EvalRunResponse | null,
): Promise<Failure> {
  const message = failureText(error, run);
  if (run !== null || !isRefusal(error)) return { message, exitCode: exitCodes.noResult };
  const hint = await refusalHint(client, settings, error);
  return { message: hint === null ? message : `${message}\n${hint}`, exitCode: exitCodes.wrongUse };
}

/** Whether the server rejected the request, and would reject it again. */
export function isRefusal(error: unknown): boolean {
  const guards = [
    isAuthenticationError,
    isBadRequestError,
    isConflictError,
    isNotFoundError,
    isValidationError,
  ];
  const isForbidden = isApiError(error) && error.status === 403;
  return isForbidden || guards.some((is) => is(error));
}

/**
 * What went wrong, and what to do.
 *
 * @param run the run as last seen, if there is one.
 */
export function failureText(error: unknown, run: EvalRunResponse | null): string {
  if (isRunWaitTimeoutError(error)) return `${timeoutText(error, run)} ${goOnText(error.runId)}`;
  const message = error instanceof Error ? error.message : String(error);
  if (run === null) return message;
  const isGone = isNotFoundError(error);
  return `${message} The run is ${run.id}.${isGone ? " It seems to have been deleted." : ` ${goOnText(run.id)}`}`;
}

function timeoutText(error: RunWaitTimeoutError, run: EvalRunResponse | null): string {
  const seen = error.run ?? run;
  const how =
    seen === null ? "could not be read" : `${seen.evaluated_count} of ${seen.total_targets} evaluated`;
  const wait = seen?.waiting_for ?? null;
  const why = wait === null ? "" : ` It waits for ${oneLine(wait.model)}: ${oneLine(wait.reason)}`;
  return `Run ${error.runId} did not end within --timeout: ${how}.${why}`;
}

const goOnText = (runId: string): string =>
  `It may still be in progress. To wait for it and report it, run pandaprobe eval --run ${runId} with the same thresholds.`;

/** How to correct a rejected request; `null` if the command cannot add anything to the server's message. */
async function refusalHint(
  client: PandaProbe,
  { source, endpoint, projectName }: EvalSettings,
  error: unknown,
): Promise<string | null> {
  if (!isApiError(error)) return null;
  if (error.status === 401) return keyHint(endpoint);
  if (source.kind === "existing") return null;
  if (error.code === "unknown_metric") return metricHint(client, source);
  if (error.code !== "nothing_matches") return null;
  // A misspelt project name leads to a project without traces.
  const project = projectName ?? environmentVariable("PANDAPROBE_PROJECT_NAME");
  const filters = "filters" in source.body ? Object.entries(source.body.filters ?? {}) : [];
  const listed = filters.map(([name, value]) => `${name}=${value}`).join(", ");
  return `The project is "${project}" (--project or PANDAPROBE_PROJECT_NAME); the filters: ${listed || "none"}.`;
}

/** What to check if the server rejects the key. */
export function keyHint(endpoint: string | undefined): string {
  const server = endpoint ?? environmentVariable("PANDAPROBE_ENDPOINT") ?? defaultEndpoint;
  return `Check PANDAPROBE_API_KEY, and the server: ${server} (--endpoint or PANDAPROBE_ENDPOINT).`;
}

async function metricHint(client: PandaProbe, { kind, body }: NewRunSource): Promise<string | null> {
  const [own, others] = await Promise.all(
    kind === "traces"
      ? [client.listTraceMetrics(), client.listSessionMetrics()]
      : [client.listSessionMetrics(), client.listTraceMetrics()],
  ).catch(() => [[], []]);
  const known = own.map(({ name }) => name);
  const unknown = body.metrics.find((metric) => !known.includes(metric));
  if (unknown === undefined) return null;
  if (others.some(({ name }) => name === unknown)) {
    return kind === "traces"
      ? "Add --sessions: it is a metric for sessions."
      : "Remove --sessions: it is a metric for traces.";
  }
  const meant = nearest(unknown, known);
  return meant === undefined ? null : `Did you mean ${meant}?`;
}
