/** The server did not start, or ended unexpectedly. */
export class DemoServerError extends Error {
  override readonly name = "DemoServerError";

  constructor(message: string, logTail: readonly string[]) {
    const log = logTail.length === 0 ? "Its log is empty." : `The end of its log:\n  ${logTail.join("\n  ")}`;
    super(`${message} ${log}`);
  }
}
