interface Waiting {
  readonly count: number;
  readonly enter: () => void;
}

/**
 * The places for traces of sessions in memory, of which a process has a fixed number: whatever the length of the sessions
 * and however many are evaluated at once, no more of their traces are held. Whoever comes first enters first.
 */
export class TraceSlots {
  /** The most that can be taken at once. */
  readonly total: number;
  #free: number;
  readonly #line = new Set<Waiting>();

  constructor(total: number) {
    this.total = total;
    this.#free = total;
  }

  /** Takes `count` places once they are free. @throws what `signal` is aborted with, while it waits. */
  async take(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { count, enter: resolve };
    const leave = () => {
      this.#line.delete(waiting);
      reject(signal.reason);
      this.#admit();
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#line.add(waiting);
    this.#admit();
    await promise.finally(() => signal.removeEventListener("abort", leave));
  }

  giveBack(count: number): void {
    this.#free += count;
    this.#admit();
  }

  #admit(): void {
    for (const waiting of this.#line) {
      if (waiting.count > this.#free) return;
      this.#free -= waiting.count;
      this.#line.delete(waiting);
      waiting.enter();
    }
  }
}
