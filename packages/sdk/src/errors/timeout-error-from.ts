import type { CallLimits } from "../call-limits.ts";
import { TimeoutError } from "./timeout-error.ts";

/** @param before what an earlier try met, if that was not a timeout too. */
export function timeoutErrorFrom(
  operation: string,
  endpoint: string,
  tries: number,
  { tryMs, totalMs }: CallLimits,
  before: unknown,
): TimeoutError {
  const told = before instanceof Error ? ` An earlier try: ${before.message}` : "";
  return new TimeoutError(
    `${operation} timed out: no answer from ${endpoint} in try ${tries} (at most ${tryMs} ms each, ${totalMs} ms in all). Raise timeoutMs or totalTimeoutMs if the server needs longer.${told}`,
    { operation, cause: before },
  );
}
