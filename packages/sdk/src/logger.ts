/**
 * Where a client writes what it does, a line at a time: `console`, or the logger of your application. No line holds a key,
 * a body or a query.
 */
export interface Logger {
  /** Each try, as it is sent; failures that harm nothing, such as a server too old to stream. */
  debug(message: string): void;
  /** Each answer: its status, how long it took, and the request id. */
  info(message: string): void;
  /** Each try that failed and is repeated: why, and when. Each failed look at a run that is waited for. */
  warn(message: string): void;
  /** Each call that failed in the end: what it rejects with. */
  error(message: string): void;
}
