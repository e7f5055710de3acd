import { HTTPError, TimeoutError as KyTimeoutError, NetworkError } from "ky";
import { responseInfo } from "./answer.ts";
import type { CallLimits } from "./call-limits.ts";
import type { Configuration } from "./configuration.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import type { Attempt } from "./hooks.ts";
import { isRetriable } from "./is-retriable.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** One call over all its tries: what they send, what they are answered, and what goes wrong. */
export class Call {
  readonly #configuration: Configuration;
  readonly #about: Omit<Attempt, "attempt">;
  readonly #limits: CallLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #texts = new WeakMap<Response, string>();
  readonly #startedAt = performance.now();
  #tries = 0;
  #lastFailure: unknown;
  #mayBeDone = false;
  #delayMs = 0;

  constructor(
    configuration: Configuration,
    about: Omit<Attempt, "attempt">,
    limits: CallLimits,
    signal: AbortSignal | undefined,
  ) {
    this.#configuration = configuration;
    this.#about = about;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** Whether an earlier try that failed may have been carried out all the same. */
  get mayBeDone(): boolean {
    return this.#mayBeDone;
  }

  /** How long to wait before the next try, once `mayRetry` said that there is one. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /** What the body of a successful answer held. */
  text(response: Response): string {
    return this.#texts.get(response) ?? "";
  }

  /**
   * One try. The body is read here and not by ky afterwards, so that a connection that breaks in its middle is a failed
   * try like any other, and the timeout of a try covers it.
   */
  async fetch(request: Request, init: RequestInit | undefined): Promise<Response> {
    const { apiKey, endpoint, hooks, logger, fetch = globalThis.fetch } = this.#configuration;
    const { operation, method, url } = this.#about;
    const { headers } = request;
    this.#tries += 1;
    const attempt = this.#attempt();
    // A property that is not enumerable: a hook that prints its state shows no secret of the caller's.
    await hooks.beforeRequest?.(
      Object.defineProperty({ ...attempt, headers }, "headers", { enumerable: false }),
    );
    if (!headers.has("x-api-key")) headers.set("x-api-key", apiKey);
    logger?.debug(`${operation}: ${method} ${url.replace(/\?.*/, "")}, try ${this.#tries}`);
    const sentAt = performance.now();
    let response: Response;
    try {
      response = await fetch(request, init);
      if (response.ok) this.#texts.set(response, await response.text());
    } catch (error) {
      throw connectionErrorFrom(operation, endpoint, this.#tries, error);
    }
    const durationMs = Math.round(performance.now() - sentAt);
    const info = responseInfo(response);
    logger?.info(`${operation}: ${info.status} after ${durationMs} ms (request ${info.requestId})`);
    await hooks.afterResponse?.({ ...attempt, ...info, durationMs });
    return response;
  }

  /** Whether to try again after a failed try: if that may help, there is time, and somebody still wants it. */
  async mayRetry(failure: Error): Promise<boolean> {
    if (!isRetriable(failure)) return false;
    const { hooks, logger } = this.#configuration;
    const response = failure instanceof HTTPError ? failure.response : undefined;
    this.#lastFailure = failure;
    // A 429 says that nothing was done; after any other failure nobody knows.
    this.#mayBeDone ||= response?.status !== 429;
    const delayMs = Math.ceil(retryDelayMs(this.#tries, response));
    const leftMs = this.#startedAt + this.#limits.totalMs - performance.now();
    if (this.#signal?.aborted === true || delayMs >= leftMs) return false;
    this.#delayMs = delayMs;
    const error = this.error(failure) as Error;
    logger?.warn(`${error.message} Next try in ${delayMs} ms.`);
    await hooks.beforeRetry?.({ ...this.#attempt(), error, delayMs });
    return true;
  }

  /** What to throw. ky's own errors hold the request, and with it the key, so none of them gets out. */
  error(error: unknown): unknown {
    if (this.#signal?.aborted === true) return this.#signal.reason;
    if (error instanceof HTTPError) return apiErrorFrom(this.#about.operation, error.response, error.data);
    // Only what a hook threw comes so wrapped: a failed fetch of ours is a ConnectionError by then.
    if (error instanceof NetworkError) return error.cause;
    return error instanceof KyTimeoutError ? this.#timeoutError() : error;
  }

  #attempt(): Attempt {
    return { ...this.#about, attempt: this.#tries };
  }

  #timeoutError(): TimeoutError {
    const { tryMs, totalMs } = this.#limits;
    const { operation } = this.#about;
    const last = this.#lastFailure;
    const cause = last === undefined || last instanceof KyTimeoutError ? undefined : this.error(last);
    const before = cause instanceof Error ? ` The try before: ${cause.message}` : "";
    const tries = this.#tries === 1 ? "1 try" : `${this.#tries} tries`;
    return new TimeoutError(
      `${operation} timed out: no answer from ${this.#configuration.endpoint} in ${tries} (at most ${tryMs} ms each, ${totalMs} ms in all). Raise timeoutMs or totalTimeoutMs if the server needs longer.${before}`,
      { operation, cause },
    );
  }
}
