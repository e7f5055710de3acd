import {
  type EvalRunResponse,
  isAuthenticationError,
  isBadRequestError,
  isConflictError,
  isNotFoundError,
  isRunWaitTimeoutError,
  isValidationError,
} from "@pandaprobe/sdk";

/** Whether the server would not do what it was asked, and will not if it is asked again. */
export function isRefusal(error: unknown): boolean {
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
  const message = error instanceof Error ? error.message : String(error);
  const id = isRunWaitTimeoutError(error) ? error.runId : run?.id;
  if (id === undefined) return message;
  const later = `It may go on: wait for it and report it with --run ${id} in place of what selects and judges.`;
  if (!isRunWaitTimeoutError(error)) return `${message} The run is ${id}. ${later}`;
  const seen = error.run ?? run;
  const how =
    seen === null ? "could not be read" : `${seen.evaluated_count} of ${seen.total_targets} are evaluated`;
  return `Run ${id} did not end within --timeout: ${how}. ${later}`;
}
