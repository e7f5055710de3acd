/** A call did not finish in time. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`No complete answer within ${timeoutMs} ms.`);
    this.timeoutMs = timeoutMs;
  }
}

/** An answer that could be read but is not what was asked for. The message continues a sentence about the model. */
export class WrongShapeError extends Error {
  override readonly name = "WrongShapeError";
}

/** A call that would have gone to an address that is not configured. The message continues a sentence about the model. */
export class ForeignAddressError extends Error {
  override readonly name = "ForeignAddressError";
}
