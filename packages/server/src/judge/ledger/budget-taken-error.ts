/**
 * What the run may still spend is reserved for calls in flight, which may turn out to cost less: the call is to be tried
 * again later, without holding a place for calls meanwhile.
 */
export class BudgetTakenError extends Error {
  override readonly name = "BudgetTakenError";
  /** Waits until it makes sense to try again. Rejects with whatever `signal` is aborted with. */
  readonly wait: (signal: AbortSignal) => Promise<void>;

  constructor(wait: BudgetTakenError["wait"]) {
    super("What the run may still spend is reserved for calls in flight.");
    this.wait = wait;
  }
}
