import type { Answer } from "./answer.ts";
import { checkedCount, checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import type { Configuration } from "./configuration.ts";
import { askedPauseMs } from "./errors/asked-pause-ms.ts";
import { mayPass } from "./errors/may-pass.ts";
import { isTimeoutError } from "./errors/timeout-error.ts";
import type { Operation, OperationInput, OperationOptions } from "./operation.ts";
import { operationRoutes } from "./operation-routes.ts";
import { redact } from "./redact.ts";
import { requestHeaders } from "./request-headers.ts";
import { requestUrl } from "./request-url.ts";
import { sleep } from "./sleep.ts";
import { type Call, tryOnce } from "./try-once.ts";

/** Half of the first. */
const halfBackoffMs = 250;
const longestBackoffMs = 8_000;

/**
 * Sends an operation over HTTP: with keys, retries and timeouts, and errors by meaning.
 *
 * @returns what the server answered, unchecked.
 */
export async function send(
  configuration: Configuration,
  operation: Operation,
  ids: readonly string[],
  input: OperationInput,
  options: OperationOptions = {},
): Promise<Answer<unknown>> {
  const { signal = null } = options;
  const { hooks, logger, endpoint } = configuration;
  const { method, path, takes } = operationRoutes[operation] ?? input.route;
  const timeoutMs = checkedTimeout(options, "timeoutMs", configuration.timeoutMs);
  // How long the server is asked to hold its answer is added to what one try may take.
  const waitMs = checkedCount(options, "waitSeconds", 0) * 1000;
  const longestMs = Math.min((configuration.totalTimeoutMs ?? 4 * timeoutMs) + waitMs, longestTimeoutMs);
  const totalMs = checkedTimeout(options, "totalTimeoutMs", longestMs);
  const retries = checkedCount(options, "retries", takes === "once" ? 0 : configuration.retries);
  const query = { metric: input.metric, ...input.query, delete_scores: options.deleteScores };
  const body = input.json ?? (JSON.stringify(input.body) as string | undefined);
  const url = requestUrl(endpoint, operation, path, ids, query);
  const call: Call = {
    ...configuration,
    tryMs: timeoutMs + waitMs,
    totalMs,
    headers: requestHeaders(configuration, options, method === "POST", body !== undefined),
    body,
    keepalive: input.keepalive ?? false,
    signal,
    streams: takes === "events",
    end: performance.now() + totalMs,
  };
  signal?.throwIfAborted();
  try {
    for (let attempt = 1; ; attempt += 1) {
      const state = { operation, method, url, attempt };
      try {
        return await tryOnce(call, state);
      } catch (error) {
        // Full jitter under a ceiling that doubles, so that those who were sent away together do not come back together.
        const ceilingMs = Math.min(halfBackoffMs * 2 ** attempt, longestBackoffMs);
        const delayMs = Math.ceil(askedPauseMs(error) + Math.random() * ceilingMs);
        if (
          !mayPass(error) ||
          attempt > retries ||
          delayMs >= call.end - performance.now() ||
          signal?.aborted
        )
          throw error;
        if (!isTimeoutError(error)) call.failure = error;
        // A 429 says that nothing was done; after any other failure nobody knows.
        call.mayBeDone ||= error.status !== 429;
        await logger?.warn(`${error.message} Next try in ${delayMs} ms.`);
        await hooks?.beforeRetry?.({ ...state, error, delayMs });
        await sleep(delayMs, signal);
      }
    }
  } catch (error) {
    const level = options.handles?.(error) ? (mayPass(error) ? "warn" : "debug") : "error";
    // What the caller ends has not failed.
    if (!signal?.aborted) await logger?.[level](redact(String(error)));
    throw error;
  }
}
