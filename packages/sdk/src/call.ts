import { HTTPError, TimeoutError as KyTimeoutError } from "ky";
import type { CallLimits } from "./call-limits.ts";
import type { Fetch } from "./client-options.ts";
import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import type { Operation } from "./operation.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { longestRetryAfterMs } from "./retry-policy.ts";
import { isEventStream } from "./server-sent-events.ts";

/** One call over all its tries: what was read, and what went wrong. */
export class Call {
  readonly #operation: Operation;
  readonly #endpoint: string;
  readonly #limits: CallLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #texts = new WeakMap<Response, string>();
  readonly #startedAt = performance.now();
  #tries = 0;
  #lastFailure: unknown;
  #mayBeDone = false;

  constructor(operation: Operation, endpoint: string, limits: CallLimits, signal: AbortSignal | undefined) {
    this.#operation = operation;
    this.#endpoint = endpoint;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** Whether an earlier try that failed may have been carried out all the same. */
  get mayBeDone(): boolean {
    return this.#mayBeDone;
  }

  /** What the body of a successful answer held. */
  text(response: Response): string {
    return this.#texts.get(response) ?? "";
  }

  /**
   * One try. The body is read here and not by ky afterwards, so that a connection that breaks in its middle is a failed
   * try like any other, and the timeout of a try covers it.
   */
  async fetch(fetch: Fetch, request: Request, init: RequestInit | undefined): Promise<Response> {
    this.#tries += 1;
    try {
      const response = await fetch(request, init);
      if (response.ok && !isEventStream(response)) this.#texts.set(response, await response.text());
      return response;
    } catch (error) {
      throw connectionErrorFrom(this.#operation, this.#endpoint, this.#tries, error);
    }
  }

  /** Whether to try again after a failure that may pass: unless there is no time, or nobody who wants it. */
  mayRetry(failure: Error): boolean {
    this.#lastFailure = failure;
    const response = failure instanceof HTTPError ? failure.response : undefined;
    // A 429 says that nothing was done; after any other failure nobody knows.
    this.#mayBeDone ||= response?.status !== 429;
    const waitMs = response === undefined ? 0 : (retryAfterSeconds(response.headers) ?? 0) * 1000;
    const leftMs = this.#startedAt + this.#limits.totalMs - performance.now();
    return this.#signal?.aborted !== true && Math.min(waitMs, longestRetryAfterMs) < leftMs;
  }

  /** What to throw. ky's own errors hold the request, and with it the key, so none of them gets out. */
  error(error: unknown): unknown {
    if (this.#signal?.aborted === true) return this.#signal.reason;
    if (error instanceof HTTPError) return apiErrorFrom(this.#operation, error.response, error.data);
    return error instanceof KyTimeoutError ? this.#timeoutError() : error;
  }

  #timeoutError(): TimeoutError {
    const { tryMs, totalMs } = this.#limits;
    const last = this.#lastFailure;
    const cause = last === undefined || last instanceof KyTimeoutError ? undefined : this.error(last);
    const before = cause instanceof Error ? ` The try before: ${cause.message}` : "";
    const tries = this.#tries === 1 ? "1 try" : `${this.#tries} tries`;
    return new TimeoutError(
      `${this.#operation} timed out: no answer from ${this.#endpoint} in ${tries} (at most ${tryMs} ms each, ${totalMs} ms in all). Raise timeoutMs or totalTimeoutMs if the server needs longer.${before}`,
      { operation: this.#operation, cause },
    );
  }
}
