interface Waiting {
  readonly count: number;
  readonly enter: () => void;
}

/**
 * A fixed number of slots for traces of sessions in memory. They bound how many traces a process holds, however long the
 * sessions are and however many are evaluated at once. First come, first served.
 */
export class TraceSlots {
  /** The most slots that can be taken at once. */
  readonly total: number;
  #free: number;
  readonly #waiting = new Set<Waiting>();

  constructor(total: number) {
    this.total = total;
    this.#free = total;
  }

  /** Takes `count` slots once they are free. @throws the reason of `signal` if it aborts first. */
  async take(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { count, enter: resolve };
    const leave = () => {
      this.#waiting.delete(waiting);
      reject(signal.reason);
      this.#admit();
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.add(waiting);
    this.#admit();
    await promise.finally(() => signal.removeEventListener("abort", leave));
  }

  giveBack(count: number): void {
    this.#free += count;
    this.#admit();
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (waiting.count > this.#free) return;
      this.#free -= waiting.count;
      this.#waiting.delete(waiting);
      waiting.enter();
    }
  }
}
