import {
  type EvalRunResponse,
  isAuthenticationError,
  isBadRequestError,
  isConflictError,
  isNotFoundError,
  isRunWaitTimeoutError,
  isValidationError,
  type PandaProbe,
  type RunWaitTimeoutError,
} from "@pandaprobe/sdk";
import type { EvalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { oneLine } from "./printable.ts";
import { refusalHint } from "./refusal-hint.ts";

/** Why there is no result. */
export interface Failure {
  /** What went wrong, and what to do. */
  readonly message: string;
  readonly exitCode: number;
}

/** @param run the run as it was last seen, if there is one. */
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

/** Whether the server would not do what it was asked, and will not if it is asked again. */
function isRefusal(error: unknown): boolean {
  const guards = [
    isAuthenticationError,
    isBadRequestError,
    isConflictError,
    isNotFoundError,
    isValidationError,
  ];
  return guards.some((is) => is(error));
}

/**
 * What went wrong, and what to do.
 *
 * @param run the run as it was last seen, if there is one.
 */
export function failureText(error: unknown, run: EvalRunResponse | null): string {
  if (isRunWaitTimeoutError(error)) return `${timeoutText(error, run)} ${goOnText(error.runId)}`;
  const message = error instanceof Error ? error.message : String(error);
  if (run === null) return message;
  const isGone = isNotFoundError(error);
  return `${message} The run is ${run.id}.${isGone ? " It was deleted, it seems." : ` ${goOnText(run.id)}`}`;
}

function timeoutText(error: RunWaitTimeoutError, run: EvalRunResponse | null): string {
  const seen = error.run ?? run;
  const how =
    seen === null ? "could not be read" : `${seen.evaluated_count} of ${seen.total_targets} are evaluated`;
  const wait = seen?.waiting_for ?? null;
  const why = wait === null ? "" : ` It waits for ${oneLine(wait.model)}: ${oneLine(wait.reason)}`;
  return `Run ${error.runId} did not end within --timeout: ${how}.${why}`;
}

const goOnText = (runId: string): string =>
  `It may go on: pandaprobe eval --run ${runId}, with the same bars, waits for it and reports it.`;
