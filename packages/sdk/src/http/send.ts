import { sleep } from "../async/sleep.ts";
import { isTimeoutError } from "../errors/connection-errors.ts";
import { redact } from "../errors/panda-probe-error.ts";
import { isRetryable, retryAfterMs } from "../errors/retryable.ts";
import { checkedCount, checkedTimeout, longestTimeoutMs } from "../options/checked-number.ts";
import type { Configuration } from "../options/configuration.ts";
import type { Route } from "../route.ts";
import type { Answer } from "./api-promise.ts";
import type { CallOptions, RequestInput } from "./request.ts";
import { requestHeaders } from "./request-headers.ts";
import { requestUrl } from "./request-url.ts";
import { type Call, sendAttempt } from "./send-attempt.ts";

/** Half the upper bound of the first pause. */
const halfBackoffMs = 250;
const longestBackoffMs = 8_000;

/**
 * Sends a request, with authentication, retries and timeouts.
 *
 * @param operation the client's method, for hooks, logs and errors.
 * @returns the response, unchecked.
 * @throws an error of this package, or the reason of the caller's signal.
 */
export async function send(
  configuration: Configuration,
  operation: string,
  [method, path, takes]: Route,
  ids: readonly string[],
  input: RequestInput,
  options: CallOptions = {},
): Promise<Answer<unknown>> {
  const { signal = null } = options;
  const { hooks, logger, endpoint } = configuration;
  const timeoutMs = checkedTimeout(options, "timeoutMs", configuration.timeoutMs);
  // The time for which the server is asked to hold its response is added to the timeout of an attempt.
  const waitMs = checkedCount(options, "waitSeconds", 0) * 1000;
  const longestMs = Math.min((configuration.totalTimeoutMs ?? 4 * timeoutMs) + waitMs, longestTimeoutMs);
  const totalMs = checkedTimeout(options, "totalTimeoutMs", longestMs);
  const retries = checkedCount(options, "retries", takes === "once" ? 0 : configuration.retries);
  const body = input.json ?? (JSON.stringify(input.body) as string | undefined);
  const query = { metric: input.metric, ...input.query, delete_scores: options.deleteScores };
  const url = requestUrl(endpoint, operation, path, ids, query);
  const call: Call = {
    ...configuration,
    attemptMs: timeoutMs + waitMs,
    totalMs,
    headers: requestHeaders(configuration, options, method === "POST", body !== undefined),
    body,
    keepalive: input.keepalive ?? false,
    isStream: takes === "events",
    signal,
    end: performance.now() + totalMs,
  };
  signal?.throwIfAborted();
  try {
    for (let attempt = 1; ; attempt += 1) {
      const state = { operation, method, url, attempt };
      try {
        return await sendAttempt(call, state);
      } catch (error) {
        // Full jitter below a doubling upper bound, so that clients that were refused together do not return together.
        const ceilingMs = Math.min(halfBackoffMs * 2 ** attempt, longestBackoffMs);
        const delayMs = Math.ceil(retryAfterMs(error) + Math.random() * ceilingMs);
        if (
          !isRetryable(error) ||
          attempt > retries ||
          delayMs >= call.end - performance.now() ||
          signal?.aborted
        )
          throw error;
        if (!isTimeoutError(error)) call.failure = error;
        // After a 429 nothing was done; after any other failure it is unknown.
        call.mayBeDone ||= error.status !== 429;
        await logger?.warn(`${error.message} Next attempt in ${delayMs} ms.`);
        await hooks?.beforeRetry?.({ ...state, error, delayMs });
        await sleep(delayMs, signal);
      }
    }
  } catch (error) {
    const level = options.handles?.(error) ? (isRetryable(error) ? "warn" : "debug") : "error";
    // A call that its caller cancels has not failed.
    if (!signal?.aborted) await logger?.[level](redact(String(error)));
    throw error;
  }
}
