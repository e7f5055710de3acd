import { setTimeout as sleep } from "node:timers/promises";

/** How often the next call tries again, in milliseconds, because calls of other processes free budget too. */
const pollMs = 200;

/**
 * Calls of this process that wait for room in their run's budget, in one queue per run. They try one at a time: each
 * call that finds room, or learns that there will be none, lets the next one try.
 */
export class BudgetQueue {
  readonly #runs = new Map<string, Set<() => void>>();

  /** Resolves when it is time to try again. @throws the reason of `signal`. */
  async wait(runId: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const queue = this.#runs.get(runId) ?? this.#open(runId);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal.reason);
    queue.add(resolve);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", abort);
      queue.delete(resolve);
    }
  }

  /** Lets the first call of the run try. */
  next(runId: string): void {
    const queue = this.#runs.get(runId);
    const [first] = queue ?? [];
    if (first === undefined) return;
    queue?.delete(first);
    first();
  }

  #open(runId: string): Set<() => void> {
    const queue = new Set<() => void>();
    this.#runs.set(runId, queue);
    void this.#poll(runId, queue);
    return queue;
  }

  async #poll(runId: string, queue: ReadonlySet<() => void>): Promise<void> {
    do {
      await sleep(pollMs);
      this.next(runId);
    } while (queue.size > 0);
    this.#runs.delete(runId);
  }
}
