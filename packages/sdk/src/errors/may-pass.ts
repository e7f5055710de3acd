import { isApiError } from "./api-error.ts";
import { isConnectionError } from "./connection-error.ts";
import type { PandaProbeError } from "./panda-probe-error.ts";
import { isTimeoutError } from "./timeout-error.ts";

/** Whether what failed may work later: a lost connection, a timeout, 408, 429, 5xx, or a key still in use. */
export function mayPass(error: unknown): error is PandaProbeError {
  if (!isApiError(error)) return isConnectionError(error) || isTimeoutError(error);
  const { status, code } = error;
  return status === 408 || status === 429 || status >= 500 || code === "idempotency_in_progress";
}
