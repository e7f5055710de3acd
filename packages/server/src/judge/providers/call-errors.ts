/** A call did not finish in time. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`No complete answer within ${timeoutMs} ms.`);
    this.timeoutMs = timeoutMs;
  }
}

/** An answer in the wrong form. The message completes a sentence about the model. */
export class WrongShapeError extends Error {
  override readonly name = "WrongShapeError";
}

/** A call to an address that is not configured was prevented. The message completes a sentence about the model. */
export class ForeignAddressError extends Error {
  override readonly name = "ForeignAddressError";
}
