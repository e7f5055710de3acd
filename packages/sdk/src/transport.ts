import type { Answer } from "./answer.ts";
import { callLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { mayPass } from "./errors/may-pass.ts";
import { isTimeoutError } from "./errors/timeout-error.ts";
import type { Operation, OperationInput, OperationOptions } from "./operation.ts";
import { operationRoutes } from "./operation-routes.ts";
import { redact } from "./redact.ts";
import { requestHeaders } from "./request-headers.ts";
import { requestUrl } from "./request-url.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { sleep } from "./sleep.ts";
import { type EarlierTries, type Sent, tryOnce } from "./try-once.ts";

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
  const { hooks, logger } = configuration;
  const { method, path, takes } = operationRoutes[operation] ?? input.route;
  const limits = callLimits(configuration, options);
  const query = { ...input.query, delete_scores: options.deleteScores };
  const url = requestUrl(configuration.endpoint, operation, path, ids, query);
  const body = input.json ?? JSON.stringify(input.body) ?? null;
  const headers = requestHeaders(configuration, options, method === "POST", body !== null);
  signal?.throwIfAborted();
  // A redirect would take the key along, to wherever it leads.
  const sent: Sent = {
    method,
    headers,
    body,
    keepalive: input.keepalive ?? false,
    redirect: "manual",
    signal,
  };
  const end = performance.now() + limits.totalMs;
  const before: EarlierTries = {
    mayBeDone: false,
    failure: undefined,
    leftMs: () => end - performance.now(),
  };
  try {
    for (let tries = 1; ; tries += 1) {
      const attempt = { operation, method, url, attempt: tries };
      try {
        return await tryOnce(configuration, attempt, sent, limits, before, takes === "events");
      } catch (error) {
        const delayMs = Math.ceil(retryDelayMs(tries, error));
        if (!mayPass(error) || tries > limits.retries || delayMs >= before.leftMs() || signal?.aborted)
          throw error;
        if (!isTimeoutError(error)) before.failure = error;
        // A 429 says that nothing was done; after any other failure nobody knows.
        before.mayBeDone ||= error.status !== 429;
        logger?.warn(`${error.message} Next try in ${delayMs} ms.`);
        await hooks?.beforeRetry?.({ ...attempt, error, delayMs });
        await sleep(delayMs, signal);
      }
    }
  } catch (error) {
    const level = options.handles?.(error) ? (mayPass(error) ? "warn" : "debug") : "error";
    // What the caller ends has not failed.
    if (!signal?.aborted) logger?.[level](redact(String(error)));
    throw error;
  }
}
