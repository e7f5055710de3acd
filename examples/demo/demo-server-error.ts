/** The server could not be started, or ended. */
export class DemoServerError extends Error {
  override readonly name = "DemoServerError";

  constructor(message: string, logTail: readonly string[]) {
    const log = logTail.length === 0 ? "It wrote nothing." : `Its last words:\n  ${logTail.join("\n  ")}`;
    super(`${message} ${log}`);
  }
}
