import type { Attempt } from "../hooks.ts";
import { TimeoutError } from "./timeout-error.ts";
import { toldFailure } from "./told-failure.ts";

interface TimedOutCall {
  readonly endpoint: string;
  readonly tryMs: number;
  readonly totalMs: number;
  /** What an earlier try met, if that was not a timeout too. */
  readonly failure?: unknown;
}

export function timeoutErrorFrom(
  { operation, attempt }: Attempt,
  { endpoint, tryMs, totalMs, failure }: TimedOutCall,
): TimeoutError {
  return new TimeoutError(
    `${operation} timed out: no answer from ${endpoint} in try ${attempt} (at most ${tryMs} ms each, ${totalMs} ms in all). Raise timeoutMs or totalTimeoutMs.${toldFailure(failure)}`,
    { operation, cause: failure },
  );
}
