import type { HeadersGiven } from "./client-options.ts";

/** Options of a single call. */
export interface RequestOptions {
  /** Cancels the call, with its retries and pauses; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds, up to the last byte of the response. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long the call may take in all, including all retries and pauses, in milliseconds. Default: the client's,
   * or four times `timeoutMs` if the client has none.
   */
  readonly totalTimeoutMs?: number | undefined;
  /** How often a failed attempt is retried; 0 for never. Default: the client's. */
  readonly retries?: number | undefined;
  /** Added to the request's headers. They override the client's. */
  readonly headers?: HeadersGiven | undefined;
  /**
   * For POST requests. Requests with the same key are carried out once and get the same response, for 24 hours.
   * Default: a random key per call, shared by its retries. Pass your own to also protect against a crash of your
   * program. An `Idempotency-Key` in `headers` overrides it.
   */
  readonly idempotencyKey?: string | undefined;
}

/** Options for reading a run. */
export interface GetRunOptions extends RequestOptions {
  /**
   * How many seconds the server may hold its response, until the run's status, counts or `waiting_for` change: a whole
   * number up to 60. An attempt may then take that much longer. Default: 0, which makes the server respond at once.
   */
  readonly waitSeconds?: number | undefined;
}

/** Options for streaming a run's events. */
export interface StreamRunOptions extends RequestOptions {
  /**
   * How long the stream may take to open, and how long it may be silent afterwards, in milliseconds. The server sends
   * something every 5 seconds. Default: the client's.
   */
  readonly timeoutMs?: number | undefined;
  /** The `id` of the last event that you saw: the stream does not repeat it if nothing has changed since. */
  readonly lastEventId?: string | undefined;
}
