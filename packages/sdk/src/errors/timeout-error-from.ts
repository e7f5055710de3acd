import type { CallLimits } from "../call-limits.ts";
import { TimeoutError } from "./timeout-error.ts";
import { toldFailure } from "./told-failure.ts";

/** @param before what an earlier try met, if that was not a timeout too. */
export function timeoutErrorFrom(
  operation: string,
  endpoint: string,
  tries: number,
  { tryMs, totalMs }: CallLimits,
  before: unknown,
): TimeoutError {
  return new TimeoutError(
    `${operation} timed out: no answer from ${endpoint} in try ${tries} (at most ${tryMs} ms each, ${totalMs} ms in all). Raise timeoutMs or totalTimeoutMs if the server needs longer.${toldFailure(before)}`,
    { operation, cause: before },
  );
}
