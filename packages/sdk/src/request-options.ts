import type { HeadersGiven } from "./client-options.ts";

/** What any single call can be told. */
export interface RequestOptions {
  /** Ends the call, its retries and its waits; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long one try may take, in milliseconds, up to the last byte of the answer. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long the call may take in all, with every retry and the waits between, in milliseconds. Default: the client's,
   * or four times `timeoutMs` where it has none.
   */
  readonly totalTimeoutMs?: number | undefined;
  /** How often a failed try is repeated; 0 for never. Default: the client's. */
  readonly retries?: number | undefined;
  /** Added to the request's headers; wins over the client's. */
  readonly headers?: HeadersGiven | undefined;
  /**
   * POST only. Requests with the same key do the thing once and get the same answer, for 24 hours. Default: a random
   * one per call, shared by its retries. Give your own to make the call safe against a crash of your program too. A header
   * of that name in `headers` wins.
   */
  readonly idempotencyKey?: string | undefined;
}

/** What the reading of a run can be told besides. */
export interface GetRunOptions extends RequestOptions {
  /**
   * How many seconds the server may hold its answer, until the run's status, counts or `waiting_for` change (whole, up to 60). A try
   * may then take that much longer. Default: it answers at once.
   */
  readonly waitSeconds?: number | undefined;
}

/** What the watching of a run by its events can be told. */
export interface StreamRunOptions extends RequestOptions {
  /**
   * How long it may take to open the stream, and then how long it may be silent, in milliseconds. The server sends
   * something every 5 seconds. Default: the client's.
   */
  readonly timeoutMs?: number | undefined;
  /** The `id` of the last event that was seen: where nothing has changed since, the stream does not repeat it. */
  readonly lastEventId?: string | undefined;
}
