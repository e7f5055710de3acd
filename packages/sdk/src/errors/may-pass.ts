import { isApiError } from "./api-error.ts";
import { isConnectionError } from "./connection-error.ts";
import { isRetriableStatus } from "./retriable-status.ts";
import { isTimeoutError } from "./timeout-error.ts";

/** Whether what failed may work later, unchanged: a lost connection, a timeout, 408, 429 or 5xx. */
export function mayPass(error: unknown): boolean {
  if (isApiError(error)) return isRetriableStatus(error.status);
  return isConnectionError(error) || isTimeoutError(error);
}
