/** An answer that could be read but is not what was asked for. The message continues a sentence about the model. */
export class WrongShapeError extends Error {
  override readonly name = "WrongShapeError";
}
