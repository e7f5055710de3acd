/**
 * Where a client writes what it does, a line at a time: `console`, or the logger of your application. No line holds a key,
 * a body or a query. A promise that a method returns is waited for; what it throws ends the call.
 */
export interface Logger {
  /** Each try, as it is sent; failures that harm nothing, such as a server too old to stream. */
  debug(message: string): unknown;
  /** Each answer: its status, how long it took, and the request id. */
  info(message: string): unknown;
  /** Each try that failed and is repeated: why, and when. Each failed look at a run that is waited for. */
  warn(message: string): unknown;
  /** Each call that failed in the end: what it rejects with. */
  error(message: string): unknown;
}
