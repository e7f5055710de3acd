import { BudgetTakenError } from "./budget-taken-error.ts";

/**
 * Does the work, again and again while the budget of its run is taken by calls in flight.
 *
 * @param work takes a place for a call, and gives it back whatever happens.
 */
export async function onceAffordable<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BudgetTakenError)) throw error;
      await error.wait(signal);
    }
  }
}
