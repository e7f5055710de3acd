import ky, { HTTPError } from "ky";
import { type Answer, responseInfo } from "./answer.ts";
import { Call } from "./call.ts";
import { callLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { routes } from "./generated/routes.ts";
import type { Operation, OperationInput } from "./operation.ts";
import { redact } from "./redact.ts";
import { requestHeaders } from "./request-headers.ts";
import type { RequestOptions } from "./request-options.ts";
import { requestUrl } from "./request-url.ts";
import { sleep } from "./sleep.ts";

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
  options: RequestOptions = {},
): Promise<Answer<unknown>> {
  const { signal } = options;
  const [method = "", path = ""] = routes[operation].split(" ");
  const limits = callLimits(configuration, options, input.waitSeconds);
  const url = requestUrl(configuration.endpoint, path, params, input.query);
  const body = input.json ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  const headers = requestHeaders(configuration, options, {
    isPost: method === "POST",
    hasBody: body !== undefined,
    waitSeconds: input.waitSeconds,
  });
  signal?.throwIfAborted();
  const { keepalive = false } = input;
  const call = new Call({ configuration, operation, method, url, headers, body, keepalive, limits, signal });
  try {
    for (;;) {
      try {
        const response = await ky(url, {
          method,
          ...(signal === undefined ? {} : { signal }),
          // ky always hands over a Request. Its headers and body are added where it is sent: copies are what costs.
          fetch: (request) => call.fetch((request as Request).signal),
          timeout: Math.min(limits.tryMs, call.leftMs),
          retry: 0,
        });
        return { ...responseInfo(response), data: data(operation, method, response, call.text(response)) };
      } catch (failure) {
        if (!(await call.mayRetry(failure))) throw failure;
      }
      await sleep(call.delayMs, signal);
    }
  } catch (reason) {
    // Somebody did delete it: most likely an earlier try of this call, whose answer was lost.
    const isGone = reason instanceof HTTPError && reason.response.status === 404;
    if (isGone && method === "DELETE" && call.mayBeDone)
      return { ...responseInfo(reason.response), data: undefined };
    const error = call.error(reason);
    configuration.logger?.error(redact(String(error)));
    throw error;
  }
}

function data(operation: Operation, method: string, response: Response, text: string): unknown {
  // Nothing else may be answered with nothing.
  if (method === "DELETE" && text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw apiErrorFrom(operation, response, text, "Not the JSON that was expected");
  }
}
