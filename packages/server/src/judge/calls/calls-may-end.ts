/**
 * The reason to abort a signal with where no new call may start, but those in flight may end: what they answer is paid
 * for already.
 */
export class CallsMayEnd extends Error {
  override readonly name = "CallsMayEnd";
  /** Aborts the calls that are still in flight. */
  readonly until: AbortSignal;

  constructor(why: string, until: AbortSignal) {
    super(why);
    this.until = until;
  }
}
