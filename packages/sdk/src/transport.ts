import type { Answer } from "./answer.ts";
import { callLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { mayPass } from "./errors/may-pass.ts";
import { isTimeoutError } from "./errors/timeout-error.ts";
import { routes } from "./generated/routes.ts";
import type { Operation, OperationInput } from "./operation.ts";
import { redact } from "./redact.ts";
import { requestHeaders } from "./request-headers.ts";
import type { GetRunOptions } from "./request-options.ts";
import { requestUrl } from "./request-url.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { sleep } from "./sleep.ts";
import { tryOnce } from "./try-once.ts";

/**
 * Sends an operation over HTTP: with keys, retries and timeouts, and errors by meaning.
 *
 * @returns what the server answered, unchecked.
 */
export async function send(
  configuration: Configuration,
  operation: Operation,
  params: readonly string[],
  input: OperationInput,
  options: GetRunOptions = {},
): Promise<Answer<unknown>> {
  const { signal } = options;
  const { hooks, logger } = configuration;
  const [method = "", path = ""] = routes[operation].split(" ");
  const limits = callLimits(configuration, options);
  const url = requestUrl(configuration.endpoint, path, params, input.query);
  const body = input.json ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  const headers = requestHeaders(configuration, options, method === "POST", body !== undefined);
  signal?.throwIfAborted();
  const { keepalive = false } = input;
  const call = { configuration, operation, method, url, headers, body, keepalive, limits, signal };
  const end = performance.now() + limits.totalMs;
  let mayBeDone = false;
  let failure: unknown;
  try {
    for (let tries = 1; ; tries += 1) {
      const attempt = { operation, method, url, attempt: tries };
      const leftMs = end - performance.now();
      try {
        return await tryOnce(call, attempt, Math.min(limits.tryMs, leftMs), { mayBeDone, failure });
      } catch (error) {
        if (tries > limits.retries || signal?.aborted || !mayPass(error)) throw error;
        const delayMs = Math.ceil(retryDelayMs(tries, error));
        // If there is time.
        if (delayMs >= end - performance.now()) throw error;
        if (!isTimeoutError(error)) failure = error;
        // A 429 says that nothing was done; after any other failure nobody knows.
        mayBeDone ||= error.status !== 429;
        logger?.warn(`${error.message} Next try in ${delayMs} ms.`);
        await hooks.beforeRetry?.({ ...attempt, error, delayMs });
        await sleep(delayMs, signal);
      }
    }
  } catch (error) {
    logger?.error(redact(String(error)));
    throw error;
  }
}
