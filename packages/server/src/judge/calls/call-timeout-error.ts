/** A call did not end in its time. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`No complete answer within ${timeoutMs} ms.`);
    this.timeoutMs = timeoutMs;
  }
}
