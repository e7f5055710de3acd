import ky, { HTTPError, TimeoutError as KyTimeoutError, NetworkError } from "ky";
import { type Answer, responseInfo } from "./answer.ts";
import type { CallLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { timeoutErrorFrom } from "./errors/timeout-error-from.ts";
import type { Attempt } from "./hooks.ts";

/** What is called, and how long and for whom. */
export interface Call {
  readonly configuration: Configuration;
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly keepalive: boolean;
  readonly limits: CallLimits;
  readonly signal: AbortSignal | undefined;
}

/** What came of the tries before. */
export interface EarlierTries {
  /** Whether one that failed may have been carried out all the same. */
  readonly mayBeDone: boolean;
  /** The last failure that was no timeout. */
  readonly failure: unknown;
}

/**
 * One try of a call.
 *
 * @returns what the server answered, unchecked.
 * @throws an error by meaning. ky's own errors hold the request, and with it the headers, so none of them gets out.
 */
export async function tryOnce(
  call: Call,
  attempt: Attempt,
  timeoutMs: number,
  before: EarlierTries,
): Promise<Answer<unknown>> {
  const { configuration, operation, method, url, body, keepalive, signal } = call;
  const { hooks, logger, fetch, endpoint } = configuration;
  let text = "";
  /** The body is read here and not by ky afterwards: when it breaks off that is a failed try, and it is timed as one. */
  const fetched = async (trySignal: AbortSignal): Promise<Response> => {
    const headers = new Headers(call.headers);
    // Not enumerable: a hook that prints its state shows no secret of the caller's.
    await hooks.beforeRequest?.(
      Object.defineProperty({ ...attempt, headers }, "headers", { enumerable: false }),
    );
    if (!headers.has("x-api-key")) headers.set("x-api-key", configuration.apiKey);
    logger?.debug(`${operation}: ${method} ${url.replace(/\?.*/, "")}, try ${attempt.attempt}`);
    const sentAt = performance.now();
    let response: Response;
    try {
      const init: RequestInit = {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        keepalive,
        signal: trySignal,
        // A redirect would take the key along, to wherever it leads.
        redirect: "manual",
      };
      response = fetch ? await fetch(new Request(url, init)) : await globalThis.fetch(url, init);
      if (response.ok) text = await response.text();
    } catch (error) {
      throw connectionErrorFrom(operation, endpoint, attempt.attempt, error);
    }
    const durationMs = Math.round(performance.now() - sentAt);
    const info = responseInfo(response);
    logger?.info(`${operation}: ${info.status} after ${durationMs} ms (request ${info.requestId})`);
    await hooks.afterResponse?.({ ...attempt, ...info, durationMs });
    return response;
  };
  try {
    const response = await ky(url, {
      method,
      ...(signal === undefined ? {} : { signal }),
      // ky always hands over a Request. Its headers and body are added where it is sent: copies are what costs.
      fetch: (request) => fetched((request as Request).signal),
      timeout: timeoutMs,
      retry: 0,
    });
    return { ...responseInfo(response), data: data(operation, method, response, text) };
  } catch (failure) {
    signal?.throwIfAborted();
    if (failure instanceof HTTPError) {
      const { response, data } = failure;
      // Somebody did delete it: most likely an earlier try of this call, whose answer was lost.
      if (response.status === 404 && method === "DELETE" && before.mayBeDone)
        return { ...responseInfo(response), data: undefined };
      throw apiErrorFrom(operation, response, data);
    }
    if (failure instanceof KyTimeoutError)
      throw timeoutErrorFrom(operation, endpoint, attempt.attempt, call.limits, before.failure);
    // Only what a hook threw is wrapped so: a failed fetch of ours is a ConnectionError by then.
    throw failure instanceof NetworkError ? failure.cause : failure;
  }
}

function data(operation: string, method: string, response: Response, text: string): unknown {
  // Nothing else may be answered with nothing.
  if (method === "DELETE" && text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw apiErrorFrom(operation, response, text, "Not the JSON that was expected");
  }
}
