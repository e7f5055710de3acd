import { PriorityQueue, type QueueAddOptions, type RunFunction } from "p-queue";

export interface FairOptions extends QueueAddOptions {
  /** Whose work it is. */
  readonly owner?: string;
}

/** A line for each owner, by priority; the lines take turns. */
export class FairQueue {
  /** Only those in which somebody waits, the next one first. */
  readonly #lines = new Map<string, PriorityQueue>();

  get size(): number {
    return [...this.#lines.values()].reduce((sum, { size }) => sum + size, 0);
  }

  enqueue(run: RunFunction, options: Partial<FairOptions> = {}): void {
    const owner = options.owner ?? "";
    const line = this.#lines.get(owner) ?? new PriorityQueue();
    this.#lines.set(owner, line);
    line.enqueue(run, options);
  }

  dequeue(): RunFunction | undefined {
    for (const [owner, line] of this.#lines) {
      this.#lines.delete(owner);
      const run = line.dequeue();
      if (line.size > 0) this.#lines.set(owner, line);
      return run;
    }
    return undefined;
  }

  filter(options: Readonly<Partial<FairOptions>>): RunFunction[] {
    return [...this.#lines.values()].flatMap((line) => line.filter(options));
  }

  setPriority(id: string, priority: number): void {
    for (const line of this.#lines.values()) line.setPriority(id, priority);
  }

  remove(id: string): void {
    for (const [owner, line] of this.#lines) {
      line.remove(id);
      if (line.size === 0) this.#lines.delete(owner);
    }
  }
}
