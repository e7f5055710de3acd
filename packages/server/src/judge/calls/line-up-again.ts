/**
 * Thrown by work that has a place and cannot use it now: the place is given back, and the question lines up again. That
 * is no try.
 */
export class LineUpAgain extends Error {
  override readonly name = "LineUpAgain";
  /** How long it waits before it lines up. */
  readonly afterMs: number;

  constructor(why: string, afterMs = 0) {
    super(why);
    this.afterMs = afterMs;
  }
}
