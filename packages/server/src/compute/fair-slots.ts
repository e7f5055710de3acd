/** A fixed number of slots for work. Projects take turns, however much each one asks for, and none gets all slots. */
export class FairSlots {
  #free: number;
  readonly #mostEach: number;
  readonly #held = new Map<string, number>();
  /** The callers that wait, by project. The first project is next. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(total: number) {
    this.#free = total;
    // Work may take a long time, so one slot is left for other projects.
    this.#mostEach = Math.max(1, total - 1);
  }

  /**
   * Waits for a slot.
   *
   * @returns a function that releases the slot; call it once.
   * @throws the reason of `signal` if it aborts first.
   */
  async take(project: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const queue = this.#waiting.get(project) ?? new Set();
    this.#waiting.set(project, queue);
    queue.add(resolve);
    const leave = () => {
      queue.delete(resolve);
      if (queue.size === 0 && this.#waiting.get(project) === queue) this.#waiting.delete(project);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#admit();
    await promise.finally(() => signal.removeEventListener("abort", leave));
    return () => {
      this.#free += 1;
      this.#count(project, -1);
      this.#admit();
    };
  }

  #admit(): void {
    for (const [project, queue] of this.#waiting) {
      if (this.#free === 0) return;
      if ((this.#held.get(project) ?? 0) >= this.#mostEach) continue;
      const [enter] = queue;
      this.#waiting.delete(project);
      if (enter === undefined) continue;
      queue.delete(enter);
      // If it wants more, it goes to the end.
      if (queue.size > 0) this.#waiting.set(project, queue);
      this.#free -= 1;
      this.#count(project, 1);
      enter();
    }
  }

  #count(project: string, change: 1 | -1): void {
    const held = (this.#held.get(project) ?? 0) + change;
    if (held === 0) this.#held.delete(project);
    else this.#held.set(project, held);
  }
}
