/** A response without its data. */
export interface ResponseInfo {
  readonly status: number;
  readonly headers: Headers;
  /** Quote it when you report a problem; it is also in the server's log. */
  readonly requestId: string | null;
}

/** One attempt of a call, as hooks see it. */
export interface Attempt {
  /** The client's method, such as `createTraceRun`. */
  readonly operation: string;
  /** The HTTP method, such as `POST`. */
  readonly method: string;
  /** The URL with its query. */
  readonly url: string;
  /** 1 for the first attempt of a call, 2 for the first retry. */
  readonly attempt: number;
}

export interface BeforeRequestState extends Attempt {
  /**
   * The headers of this attempt, which you may change. Your API key is added afterwards, unless you set `x-api-key`
   * yourself. The property is not enumerable: it does not appear when the state is printed or copied.
   */
  readonly headers: Headers;
}

export interface AfterResponseState extends Attempt, ResponseInfo {
  /** Milliseconds from sending the request to the last byte of the response; for a stream, to its headers. */
  readonly durationMs: number;
}

export interface BeforeRetryState extends Attempt {
  /** Why the attempt failed: what the method would reject with if it were the last one. */
  readonly error: Error;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
}

/**
 * Functions called on every attempt. If one returns a promise, the client waits for it; the time counts as part of the
 * attempt. If one throws or rejects, the call ends and rejects with the same error.
 */
export interface Hooks {
  /** Before each attempt is sent. */
  readonly beforeRequest?: ((state: BeforeRequestState) => unknown) | undefined;
  /** After each response, successful or not. Not called for an attempt without a response. */
  readonly afterResponse?: ((state: AfterResponseState) => unknown) | undefined;
  /** After a failed attempt that will be retried, before the pause. */
  readonly beforeRetry?: ((state: BeforeRetryState) => unknown) | undefined;
}
