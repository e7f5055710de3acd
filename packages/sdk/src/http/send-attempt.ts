import ky from "ky";
import { onAbort } from "../async/on-abort.ts";
import { redact } from "../errors/panda-probe-error.ts";
import type { Fetch } from "../options/client-options.ts";
import type { Configuration } from "../options/configuration.ts";
import type { Attempt, BeforeRequestState } from "../options/hooks.ts";
import { apiErrorFrom, parsedJson } from "./api-error-from.ts";
import type { Answer } from "./api-promise.ts";
import { connectionErrorFrom, timeoutErrorFrom } from "./connection-error-from.ts";
import { dispatcher, undiciTimeoutMs } from "./undici-dispatcher.ts";

/** A call, and what its attempts have shown so far. */
export interface Call extends Omit<Configuration, "headers"> {
  /** How long one attempt may take. */
  readonly attemptMs: number;
  /** How long all attempts and the pauses between them may take. */
  readonly totalMs: number;
  /** The headers of each attempt, without the key and what hooks add. */
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly keepalive: boolean;
  /** The caller's. */
  readonly signal: AbortSignal | null;
  /** Whether the response is a stream, which is then the data. */
  readonly isStream: boolean;
  /** When the total timeout is over, by `performance.now()`. */
  readonly end: number;
  /** Whether a failed attempt may nevertheless have been carried out. */
  mayBeDone?: boolean;
  /** The last failure that was not a timeout. */
  failure?: unknown;
}

/** Query parameters that a warning named. */
const warned = new Set<string>();

/**
 * Makes one attempt of a call.
 *
 * @returns the response, unchecked.
 * @throws an error of this package, never one of ky's.
 */
export async function sendAttempt(call: Call, state: Attempt): Promise<Answer<unknown>> {
  const { hooks, logger, fetch = globalThis.fetch as Fetch, apiKey, body, keepalive, signal } = call;
  const { operation, method, url } = state;
  const abort = new AbortController();
  const stopListening = onAbort(signal, () => abort.abort(signal?.reason));
  const exchange = async (): Promise<Answer<unknown>> => {
    const headers = new Headers(call.headers);
    // `defineProperty` makes it non-enumerable, so a hook that prints its state shows none of the caller's secrets.
    await hooks?.beforeRequest?.(
      Object.defineProperty({ ...state }, "headers", { value: headers }) as BeforeRequestState,
    );
    await logger?.debug(`${operation}: ${method} ${url.replace(/\?.*/, "")}, attempt ${state.attempt}`);
    const sentAt = performance.now();
    let response: Response;
    let data: unknown;
    try {
      response = (await fetch(url, {
        // undici, the `fetch` of Node.js, has a timeout of its own. Other implementations ignore this.
        ...(call.attemptMs > undiciTimeoutMs && { dispatcher }),
        method,
        // Plain values: another library's `fetch` does not take the platform's `Request` and `Headers`.
        headers: { "x-api-key": apiKey, ...Object.fromEntries(headers) },
        body: body as string,
        keepalive,
        // A redirect would send the key to another address.
        redirect: "manual",
        signal: abort.signal,
      })) as Response;
      data = (call.isStream && response.ok && response.body) || (await response.text());
    } catch (error) {
      throw connectionErrorFrom(state, call.endpoint, error);
    }
    const durationMs = Math.round(performance.now() - sentAt);
    const info = {
      status: response.status,
      headers: response.headers,
      requestId: response.headers.get("x-request-id"),
    };
    await logger?.info(`${operation}: ${info.status} after ${durationMs} ms (request ${info.requestId})`);
    await hooks?.afterResponse?.({ ...state, ...info, durationMs });
    const [, ignored] = /parameters: ([^"]+)/.exec(`${response.headers.get("warning")}`) ?? [];
    for (const name of ignored?.split(", ") ?? []) {
      const { size } = warned;
      // A program that invents names must not fill the memory.
      if (size < 100 && warned.add(name).size > size)
        await (logger ?? console).warn(`${operation}: The server ignores the parameter \`${name}\`.`);
    }
    // Only a DELETE may have an empty response. A 404 after an attempt that may have been carried out most likely means
    // that the attempt deleted the resource, and its response was lost.
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
    // ky only enforces the timeout: no failure reaches it, so it can only reject with a timeout.
    const timing = ky(url, {
      timeout: Math.min(call.attemptMs, call.end - performance.now()),
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
    // If nothing was sent, the platform failed: for example, Node.js's `Request` rejects jsdom's AbortSignal.
    throw answer ? failure : connectionErrorFrom(state, call.endpoint, failure);
  } finally {
    stopListening();
  }
}
