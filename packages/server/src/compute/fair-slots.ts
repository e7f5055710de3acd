/** A fixed number of slots for work. Projects take turns, however much each of them asks for, and none takes them all. */
export class FairSlots {
  #free: number;
  readonly #mostEach: number;
  readonly #held = new Map<string, number>();
  /** Who waits, by project; the first project is the next one. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(total: number) {
    this.#free = total;
    // What one project does may take long: a slot is left for another's.
    this.#mostEach = Math.max(1, total - 1);
  }

  /**
   * Waits for a slot.
   *
   * @returns gives it back; to be called once.
   * @throws the reason of `signal`, where it is aborted first.
   */
  async take(project: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const line = this.#waiting.get(project) ?? new Set();
    this.#waiting.set(project, line);
    line.add(resolve);
    const leave = () => {
      line.delete(resolve);
      if (line.size === 0 && this.#waiting.get(project) === line) this.#waiting.delete(project);
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
    for (const [project, line] of this.#waiting) {
      if (this.#free === 0) return;
      if ((this.#held.get(project) ?? 0) >= this.#mostEach) continue;
      const [enter] = line;
      this.#waiting.delete(project);
      if (enter === undefined) continue;
      line.delete(enter);
      // At the end of the line, if it wants more.
      if (line.size > 0) this.#waiting.set(project, line);
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
