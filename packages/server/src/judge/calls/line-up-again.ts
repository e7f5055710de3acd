/**
 * Thrown by work that has a place and cannot use it now: the place is given back, and the question lines up again. That
 * is no try.
 */
export class LineUpAgain extends Error {
  override readonly name = "LineUpAgain";
  /** What it waits for before it lines up. Rejects with whatever `signal` is aborted with. */
  readonly wait: (signal: AbortSignal) => Promise<void>;

  /** @param wait default: it lines up at once. */
  constructor(why: string, wait: LineUpAgain["wait"] = async () => undefined) {
    super(why);
    this.wait = wait;
  }
}
