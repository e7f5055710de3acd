import { setTimeout as sleep } from "node:timers/promises";

/** How long a line stands still if no call of its run ends in this process: those of others are not heard of. */
const standsStillMs = 200;

/**
 * The calls of this process that wait until their run's budget has room for them, in a line for each run. They are let go
 * one by one: whoever finds room, or learns that there will be none, lets the next one try.
 */
export class BudgetLines {
  readonly #lines = new Map<string, Set<() => void>>();

  /** Lines up. Resolves when it is time to try again; rejects with whatever `signal` is aborted with. */
  async wait(runId: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const line = this.#lines.get(runId) ?? this.#open(runId);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => reject(signal.reason);
    line.add(resolve);
    signal.addEventListener("abort", leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", leave);
      line.delete(resolve);
    }
  }

  /** Lets the first one try. */
  next(runId: string): void {
    const line = this.#lines.get(runId);
    const [first] = line ?? [];
    if (first === undefined) return;
    line?.delete(first);
    first();
  }

  #open(runId: string): Set<() => void> {
    const line = new Set<() => void>();
    this.#lines.set(runId, line);
    void this.#move(runId, line);
    return line;
  }

  async #move(runId: string, line: ReadonlySet<() => void>): Promise<void> {
    do {
      await sleep(standsStillMs);
      this.next(runId);
    } while (line.size > 0);
    this.#lines.delete(runId);
  }
}
