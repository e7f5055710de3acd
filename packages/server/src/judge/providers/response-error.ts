/** A provider's response that nothing is read from. The message continues a sentence about the model. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
  /**
   * `redirect`: it points somewhere else. `host`: the call would have gone to a host that is not configured. `too_large`: it
   * is larger than any answer. `timeout`: it did not end in time. `wrong_shape`: what it says cannot be used.
   */
  readonly kind: "redirect" | "host" | "too_large" | "timeout" | "wrong_shape";

  constructor(kind: ResponseError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}
