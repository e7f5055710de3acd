import { HTTPError, type RetryOptions } from "ky";
import { isConnectionError } from "./errors/connection-error.ts";
import { isPandaProbeError } from "./errors/panda-probe-error.ts";
import { problemBody } from "./errors/problem-body.ts";

const statusCodes = [408, 409, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];
/** A server that asks for longer is asked again after this. */
export const longestRetryAfterMs = 60_000;
const longestBackoffMs = 8_000;

/**
 * When a try is repeated, and after how long: full jitter under a doubling ceiling, unless the server says how long
 * (`Retry-After`, else `RateLimit-Reset`; both read by ky).
 *
 * @param mayRetry told of each failure that would be repeated; `false` ends the call with it.
 */
export function retryPolicy(retries: number, mayRetry: (failure: Error) => boolean): RetryOptions {
  return {
    limit: retries,
    // Every operation may be sent again: GET and DELETE by nature, PATCH because ours replaces, POST by its key.
    methods: ["get", "post", "patch", "delete"],
    statusCodes,
    afterStatusCodes: statusCodes,
    maxRetryAfter: longestRetryAfterMs,
    delay: (attempt) => Math.min(500 * 2 ** (attempt - 1), longestBackoffMs),
    jitter: true,
    retryOnTimeout: true,
    shouldRetry: ({ error }) => {
      const isHttp = error instanceof HTTPError;
      if (isHttp && !isRetriable(error)) return false;
      if (isPandaProbeError(error) && !isConnectionError(error)) return false;
      if (!mayRetry(error)) return false;
      // For an answer, `true` would make ky ignore `Retry-After`; its own rules know no other failure of a fetch.
      return isHttp ? undefined : true;
    },
  };
}

function isRetriable({ response, data }: HTTPError): boolean {
  if (response.status === 409) return problemBody(data)?.code === "idempotency_in_progress";
  return statusCodes.includes(response.status);
}
