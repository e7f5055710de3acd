import { HTTPError, TimeoutError as KyTimeoutError, NetworkError } from "ky";
import { responseInfo } from "./answer.ts";
import type { CallLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { timeoutErrorFrom } from "./errors/timeout-error-from.ts";
import type { Attempt } from "./hooks.ts";
import { isRetriable } from "./is-retriable.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** What is called, and how long and for whom. */
export interface CallSetup {
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

/** One call over all its tries: what they send, what they are answered, and what goes wrong. */
export class Call {
  /** Whether an earlier try that failed may have been carried out all the same. */
  mayBeDone = false;
  /** How long to wait before the next try, once `mayRetry` said that there is one. */
  delayMs = 0;
  readonly #setup: CallSetup;
  readonly #texts = new WeakMap<Response, string>();
  readonly #startedAt = performance.now();
  #tries = 0;
  /** The last failure that was no timeout. */
  #failure: unknown;

  constructor(setup: CallSetup) {
    this.#setup = setup;
  }

  /** How much of the call's time is left. */
  get leftMs(): number {
    return this.#startedAt + this.#setup.limits.totalMs - performance.now();
  }

  /** What the body of a successful answer held. */
  text(response: Response): string {
    return this.#texts.get(response) ?? "";
  }

  /**
   * One try. The body is read here and not by ky afterwards, so that a connection that breaks in its middle is a failed
   * try like any other, and the timeout of a try covers it.
   */
  async fetch(signal: AbortSignal): Promise<Response> {
    const { configuration, operation, method, url, body, keepalive } = this.#setup;
    const { hooks, logger, fetch } = configuration;
    const headers = new Headers(this.#setup.headers);
    this.#tries += 1;
    const attempt = this.#attempt();
    // Not enumerable: a hook that prints its state shows no secret of the caller's.
    await hooks.beforeRequest?.(
      Object.defineProperty({ ...attempt, headers }, "headers", { enumerable: false }),
    );
    if (!headers.has("x-api-key")) headers.set("x-api-key", configuration.apiKey);
    logger?.debug(`${operation}: ${method} ${url.replace(/\?.*/, "")}, try ${this.#tries}`);
    const sentAt = performance.now();
    let response: Response;
    try {
      const init: RequestInit = {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        keepalive,
        signal,
        // A redirect would take the key along, to wherever it leads.
        redirect: "manual",
      };
      response = fetch ? await fetch(new Request(url, init)) : await globalThis.fetch(url, init);
      if (response.ok) this.#texts.set(response, await response.text());
    } catch (error) {
      throw connectionErrorFrom(operation, configuration.endpoint, this.#tries, error);
    }
    const durationMs = Math.round(performance.now() - sentAt);
    const info = responseInfo(response);
    logger?.info(`${operation}: ${info.status} after ${durationMs} ms (request ${info.requestId})`);
    await hooks.afterResponse?.({ ...attempt, ...info, durationMs });
    return response;
  }

  /** Whether to try again after a failed try: if that may help, there is time, and somebody still wants it. */
  async mayRetry(failure: unknown): Promise<boolean> {
    const { configuration, limits, signal } = this.#setup;
    if (this.#tries > limits.retries || signal?.aborted === true || !isRetriable(failure)) return false;
    const response = failure instanceof HTTPError ? failure.response : undefined;
    const error = this.error(failure) as Error;
    if (!(failure instanceof KyTimeoutError)) this.#failure = error;
    // A 429 says that nothing was done; after any other failure nobody knows.
    this.mayBeDone ||= response?.status !== 429;
    const delayMs = Math.ceil(retryDelayMs(this.#tries, response));
    if (delayMs >= this.leftMs) return false;
    this.delayMs = delayMs;
    configuration.logger?.warn(`${error.message} Next try in ${delayMs} ms.`);
    await configuration.hooks.beforeRetry?.({ ...this.#attempt(), error, delayMs });
    return true;
  }

  /** What to throw. ky's own errors hold the request, and with it the headers, so none of them gets out. */
  error(error: unknown): unknown {
    const { configuration, operation, limits, signal } = this.#setup;
    if (signal?.aborted === true) return signal.reason;
    if (error instanceof HTTPError) return apiErrorFrom(operation, error.response, error.data);
    if (error instanceof KyTimeoutError) {
      return timeoutErrorFrom(operation, configuration.endpoint, this.#tries, limits, this.#failure);
    }
    // Only what a hook threw is wrapped so: a failed fetch of ours is a ConnectionError by then.
    return error instanceof NetworkError ? error.cause : error;
  }

  #attempt(): Attempt {
    const { operation, method, url } = this.#setup;
    return { operation, method, url, attempt: this.#tries };
  }
}
