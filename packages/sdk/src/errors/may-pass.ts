import { isApiError } from "./api-error.ts";
import { isConnectionError } from "./connection-error.ts";
import { isTimeoutError } from "./timeout-error.ts";

/** Whether what failed may work later, unchanged: a lost connection, a timeout, 408, 429 or 5xx. */
export function mayPass(error: unknown): boolean {
  if (isApiError(error)) return error.status === 408 || error.status === 429 || error.status >= 500;
  return isConnectionError(error) || isTimeoutError(error);
}
