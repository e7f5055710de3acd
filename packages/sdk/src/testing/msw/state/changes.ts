/** Counts changes, and wakes the streams that wait for one. */
export class Changes {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** The number of changes so far. */
  get count(): number {
    return this.#count;
  }

  /** @returns the number of this change */
  add(): number {
    this.#count += 1;
    for (const wake of this.#waiting.splice(0)) wake();
    return this.#count;
  }

  /** Resolves at the next change, or when the signal is aborted. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
