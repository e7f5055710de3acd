import ky from "ky";
import { type Answer, responseInfo } from "./answer.ts";
import type { Fetch } from "./client-options.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { timeoutErrorFrom } from "./errors/timeout-error-from.ts";
import type { Attempt, BeforeRequestState } from "./hooks.ts";
import { onAbort } from "./on-abort.ts";
import { parsedJson } from "./parsed-json.ts";
import { dispatcher, undiciTimeoutMs } from "./patient-dispatcher.ts";
import { redact } from "./redact.ts";

/** A call, and what its tries have come to so far. */
export interface Call extends Omit<Configuration, "headers"> {
  /** How long one try may take. */
  readonly tryMs: number;
  /** How long all of them may. */
  readonly totalMs: number;
  /** Of each try, but for the key and what hooks add. */
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly keepalive: boolean;
  /** The caller's. */
  readonly signal: AbortSignal | null;
  /** Whether it is answered with a stream of events, which is then the data. */
  readonly streams: boolean;
  /** When its time is over. */
  readonly end: number;
  /** Whether a try that failed may have been carried out all the same. */
  mayBeDone?: boolean;
  /** The last failure that was no timeout. */
  failure?: unknown;
}

/**
 * One try of a call.
 *
 * @returns what the server answered, unchecked.
 * @throws an error by meaning, and none of ky's.
 */
export async function tryOnce(call: Call, state: Attempt): Promise<Answer<unknown>> {
  const { hooks, logger, fetch = globalThis.fetch as Fetch, apiKey, body, keepalive, signal } = call;
  const { operation, method, url } = state;
  const abort = new AbortController();
  const stopListening = onAbort(signal, () => abort.abort(signal?.reason));
  const exchange = async (): Promise<Answer<unknown>> => {
    const headers = new Headers(call.headers);
    // Defined, and so not enumerable: a hook that prints its state shows no secret of the caller's.
    await hooks?.beforeRequest?.(
      Object.defineProperty({ ...state }, "headers", { value: headers }) as BeforeRequestState,
    );
    await logger?.debug(`${operation}: ${method} ${url.replace(/\?.*/, "")}, try ${state.attempt}`);
    const sentAt = performance.now();
    let response: Response;
    let data: unknown;
    try {
      response = (await fetch(url, {
        // undici, the `fetch` of Node.js, else gives up by itself; that of others waits, and ignores this.
        ...(call.tryMs > undiciTimeoutMs && { dispatcher }),
        method,
        // Plain values: a `Request` or `Headers` of the platform means nothing to the `fetch` of another library.
        headers: { "x-api-key": apiKey, ...Object.fromEntries(headers) },
        body: body as string,
        keepalive,
        // A redirect would take the key along, to wherever it leads.
        redirect: "manual",
        signal: abort.signal,
      })) as Response;
      data = (call.streams && response.ok && response.body) || (await response.text());
    } catch (error) {
      throw connectionErrorFrom(state, call.endpoint, error);
    }
    const durationMs = Math.round(performance.now() - sentAt);
    const info = responseInfo(response);
    await logger?.info(`${operation}: ${info.status} after ${durationMs} ms (request ${info.requestId})`);
    await hooks?.afterResponse?.({ ...state, ...info, durationMs });
    // Nothing else may be answered with nothing. And what is gone, somebody did delete: most likely an earlier try of this
    // call, whose answer was lost.
    const isDeleted =
      method === "DELETE" && (response.ok ? data === "" : response.status === 404 && call.mayBeDone);
    if (isDeleted) data = undefined;
    else if (typeof data === "string") {
      const json = parsedJson(data);
      if (!response.ok || json === undefined) throw apiErrorFrom(operation, response, redact(data));
      data = json;
    }
    return { ...info, data };
  };
  const ended = () => ({ ok: true }) as Response;
  let answer: Promise<Answer<unknown>> | undefined;
  try {
    // ky only times the exchange: it sees no other error, so what it rejects with is always a timeout.
    const timing = ky(url, {
      timeout: Math.min(call.tryMs, call.end - performance.now()),
      retry: 0,
      fetch: () => {
        answer = exchange();
        return answer.then(ended, ended);
      },
    });
    await timing.catch(() => {
      throw timeoutErrorFrom(state, call);
    });
    return await (answer as unknown as Promise<Answer<unknown>>);
  } catch (failure) {
    abort.abort();
    signal?.throwIfAborted();
    // Before the exchange it was the platform that failed: jsdom's AbortSignal is none to a `Request` of Node.js.
    throw answer ? failure : connectionErrorFrom(state, call.endpoint, failure);
  } finally {
    stopListening();
  }
}
