import { isApiError } from "./api-errors.ts";
import { isConnectionError, isTimeoutError } from "./connection-errors.ts";
import type { PandaProbeError } from "./panda-probe-error.ts";

/** A longer `Retry-After` is cut to this. */
const longestMs = 60_000;

/** Whether another attempt may succeed: after a lost connection, a timeout, 408, 429, 5xx or a key still in use. */
export function isRetryable(error: unknown): error is PandaProbeError {
  if (!isApiError(error)) return isConnectionError(error) || isTimeoutError(error);
  const { status, code } = error;
  return status === 408 || status === 429 || status >= 500 || code === "idempotency_in_progress";
}

/** How long the server asks to wait before the next attempt, at most a minute; 0 if it does not say. */
export function retryAfterMs(error: unknown): number {
  return isApiError(error) ? Math.min((error.retryAfterSeconds ?? 0) * 1000, longestMs) : 0;
}
