import ky, { HTTPError } from "ky";
import type { Answer } from "./answer.ts";
import { Call } from "./call.ts";
import { callLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { routes } from "./generated/routes.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import type { Operation, OperationInput } from "./operation.ts";
import { requestHeaders } from "./request-headers.ts";
import type { RequestOptions } from "./request-options.ts";
import { requestUrl } from "./request-url.ts";
import { retryPolicy } from "./retry-policy.ts";
import type { Route } from "./route.ts";
import { runStream } from "./run-stream.ts";
import { isEventStream } from "./server-sent-events.ts";

/** Sends operations over HTTP: with keys, retries and timeouts, and errors by meaning. */
export class Transport {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** @returns what the server answered, unchecked. */
  async send(
    operation: Operation,
    params: readonly string[],
    input: OperationInput,
    options: RequestOptions = {},
  ): Promise<Answer<unknown>> {
    const { endpoint, fetch = globalThis.fetch } = this.#configuration;
    const { signal } = options;
    const route: Route = routes[operation];
    const limits = callLimits(this.#configuration, options, input.waitSeconds);
    const url = requestUrl(endpoint, route, params, input.query);
    const body = input.body === undefined ? undefined : JSON.stringify(input.body);
    const headers = requestHeaders(this.#configuration, route, options, {
      hasBody: body !== undefined,
      waitSeconds: input.waitSeconds,
    });
    signal?.throwIfAborted();
    const call = new Call(operation, endpoint, limits, signal);
    try {
      const response = await ky(url, {
        method: route.method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
        // A redirect would take the key along, to wherever it leads.
        redirect: "manual",
        // ky always hands over a Request.
        fetch: (request, init) => call.fetch(fetch, request as Request, init),
        timeout: limits.tryMs,
        totalTimeout: limits.totalMs,
        retry: retryPolicy(limits.retries, (failure) => call.mayRetry(failure)),
      });
      return answer(response, data(operation, route, response, call.text(response)));
    } catch (error) {
      // Somebody did delete it: most likely an earlier try of this call, whose answer was lost.
      const isGone = error instanceof HTTPError && error.response.status === 404;
      if (isGone && route.method === "DELETE" && call.mayBeDone) return answer(error.response, undefined);
      throw call.error(error);
    }
  }

  /** A run's states, as the server tells of them. */
  stream(
    operation: Operation,
    params: readonly string[],
    options: RequestOptions = {},
  ): AsyncGenerator<EvalRunResponse, void, undefined> {
    const { signal, headers } = options;
    return runStream(
      (more, hangUp) =>
        this.send(operation, params, {}, { ...options, signal: hangUp, headers: { ...headers, ...more } }),
      callLimits(this.#configuration, options, undefined),
      signal,
      (cause) => connectionErrorFrom(operation, this.#configuration.endpoint, 1, cause),
    );
  }
}

function answer(response: Response, value: unknown): Answer<unknown> {
  const { status, headers } = response;
  return { data: value, status, headers, requestId: headers.get("x-request-id") };
}

function data(operation: Operation, route: Route, response: Response, text: string): unknown {
  if (isEventStream(response)) return response;
  if (route.answer === "none") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw apiErrorFrom(operation, response, text, `Not the JSON that a ${route.status} holds`);
  }
}
