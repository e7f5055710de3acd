/**
 * Receives a line for each thing the client does: `console`, or your application's logger. No line contains a key, a
 * body or a query. If a method returns a promise, the client waits for it; if it throws, the call ends with that error.
 */
export interface Logger {
  /** Each attempt, as it is sent; harmless failures, such as a server too old to stream. */
  debug(message: string): unknown;
  /** Each response: its status, how long it took, and the request id. */
  info(message: string): unknown;
  /**
   * Each failed attempt that is retried, with the reason and the pause; each failed poll while waiting for a run; each
   * query parameter that the server does not know and therefore ignored, once. Without a logger, the console gets the
   * last kind.
   */
  warn(message: string): unknown;
  /** Each failed call, with the error that it rejects with. */
  error(message: string): unknown;
}
