import { HTTPError, TimeoutError } from "ky";
import { isConnectionError } from "./errors/connection-error.ts";
import { problemBody } from "./errors/problem-body.ts";
import { isRetriableStatus } from "./errors/retriable-status.ts";

/** Whether what a try met may pass by itself: no connection, no answer in time, 408, 429, 5xx, or a key still in use. */
export function isRetriable(failure: unknown): boolean {
  if (!(failure instanceof HTTPError)) return failure instanceof TimeoutError || isConnectionError(failure);
  const { status } = failure.response;
  return (
    isRetriableStatus(status) ||
    (status === 409 && problemBody(failure.data)?.code === "idempotency_in_progress")
  );
}
