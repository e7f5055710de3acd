import type { ResponseInfo } from "./answer.ts";

/** One try of a call, as the hooks are told of it. */
export interface Attempt {
  /** The method that was called, such as `createTraceRun`. */
  readonly operation: string;
  /** Of HTTP, such as `POST`. */
  readonly method: string;
  /** With the query. */
  readonly url: string;
  /** 1 for the first try of a call, 2 for its first repetition. */
  readonly attempt: number;
}

export interface BeforeRequestState extends Attempt {
  /**
   * What is about to be sent, to be changed as you like, for this try alone. Your API key is added afterwards, unless an
   * `x-api-key` is there by then. Not shown where the state is printed or copied.
   */
  readonly headers: Headers;
}

export interface AfterResponseState extends Attempt, ResponseInfo {
  /** From the sending of the request to the last byte of the answer; of a stream, to its headers. */
  readonly durationMs: number;
}

export interface BeforeRetryState extends Attempt {
  /** What the try met that is about to be repeated: what the method would reject with. */
  readonly error: Error;
  /** How long until the next try. */
  readonly delayMs: number;
}

/**
 * Functions called on every attempt. One that returns a promise is waited for, before and after a request within the
 * time that a try may take; what one throws ends the call, which rejects with it.
 */
export interface Hooks {
  /** Before each try is sent. */
  readonly beforeRequest?: ((state: BeforeRequestState) => unknown) | undefined;
  /** After each answer, be it a success or not. A try that is not answered has none. */
  readonly afterResponse?: ((state: AfterResponseState) => unknown) | undefined;
  /** After a failed try that will be repeated, before the wait. */
  readonly beforeRetry?: ((state: BeforeRetryState) => unknown) | undefined;
}
