import ky, { NetworkError, TimeoutError } from "ky";
import { type Answer, responseInfo } from "./answer.ts";
import type { CallLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { timeoutErrorFrom } from "./errors/timeout-error-from.ts";
import type { Attempt, BeforeRequestState } from "./hooks.ts";
import { parsedJson } from "./parsed-json.ts";
import { redact } from "./redact.ts";

/** What a call sends in each of its tries, but for the key and what hooks add. */
export interface Sent extends RequestInit {
  readonly method: string;
  readonly headers: Headers;
  /** The caller's. */
  readonly signal: AbortSignal | null;
}

/** What came of the tries before. */
export interface EarlierTries {
  /** Whether one that failed may have been carried out all the same. */
  mayBeDone: boolean;
  /** The last failure that was no timeout. */
  failure: unknown;
  /** How much is left of the call's time. */
  readonly leftMs: () => number;
}

/**
 * One try of a call.
 *
 * @param streams whether it is answered with a stream of events, which is then the data.
 * @returns what the server answered, unchecked.
 * @throws an error by meaning. ky's own errors hold the request, and with it the headers, so none of them gets out.
 */
export async function tryOnce(
  { hooks, logger, fetch, endpoint, apiKey }: Configuration,
  attempt: Attempt,
  sent: Sent,
  limits: CallLimits,
  before: EarlierTries,
  streams: boolean,
): Promise<Answer<unknown>> {
  const { operation, method, url } = attempt;
  let answer: Answer<unknown> | undefined;
  try {
    await ky(url, {
      method,
      signal: sent.signal,
      timeout: Math.min(limits.tryMs, before.leftMs()),
      retry: 0,
      throwHttpErrors: false,
      // ky always hands over a Request. Its headers and body are added where it is sent: copies are what costs. The body
      // of the answer is read here and not by ky afterwards: when it breaks off that is a failed try, and timed as one.
      fetch: async (request) => {
        const headers = new Headers(sent.headers);
        // Defined, and so not enumerable: a hook that prints its state shows no secret of the caller's.
        await hooks?.beforeRequest?.(
          Object.defineProperty({ ...attempt }, "headers", { value: headers }) as BeforeRequestState,
        );
        if (!headers.has("x-api-key")) headers.set("x-api-key", apiKey);
        logger?.debug(`${operation}: ${method} ${url.replace(/\?.*/, "")}, try ${attempt.attempt}`);
        const sentAt = performance.now();
        const init = { ...sent, headers, signal: (request as Request).signal };
        let response: Response;
        let body: string | ReadableStream;
        try {
          response = fetch ? await fetch(new Request(url, init)) : await globalThis.fetch(url, init);
          body = (streams && response.ok && response.body) || (await response.text());
        } catch (error) {
          throw connectionErrorFrom(operation, endpoint, attempt.attempt, error);
        }
        const durationMs = Math.round(performance.now() - sentAt);
        const info = responseInfo(response);
        logger?.info(`${operation}: ${info.status} after ${durationMs} ms (request ${info.requestId})`);
        await hooks?.afterResponse?.({ ...attempt, ...info, durationMs });
        answer = { ...info, data: dataOf(attempt, response, body, before.mayBeDone) };
        return response;
      },
    });
    return answer as unknown as Answer<unknown>;
  } catch (failure) {
    sent.signal?.throwIfAborted();
    if (failure instanceof TimeoutError)
      throw timeoutErrorFrom(operation, endpoint, attempt.attempt, limits, before.failure);
    // Only what a hook threw is wrapped so: a failed fetch of ours is a ConnectionError by then.
    throw failure instanceof NetworkError ? failure.cause : failure;
  }
}

function dataOf(
  { operation, method }: Attempt,
  response: Response,
  body: string | ReadableStream,
  mayBeDone: boolean,
): unknown {
  if (typeof body !== "string") return body;
  // Nothing else may be answered with nothing. And what is gone, somebody did delete: most likely an earlier try of this
  // call, whose answer was lost.
  if (method === "DELETE" && (response.ok ? body === "" : response.status === 404 && mayBeDone))
    return undefined;
  const data = parsedJson(body);
  if (response.ok && data !== undefined) return data;
  throw apiErrorFrom(operation, response, redact(body));
}
