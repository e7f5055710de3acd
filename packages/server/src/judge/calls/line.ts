/** Who waits for a place. */
export interface InLine {
  /** Projects go in turn, however many questions each has. */
  readonly project: string;
  /** Among those of its project, lower goes first; equals in the order they came. */
  readonly turn: number;
}

/** Those who wait for places: the projects go in turn, and each one's questions by age. */
export class Line<Item extends InLine> {
  /** In the order of their turns; each one's questions from the last to the first. */
  readonly #projects = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: Item): void {
    const items = this.#projects.get(item.project) ?? [];
    this.#projects.set(item.project, items);
    let from = 0;
    let to = items.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((items[middle]?.turn ?? 0) > item.turn) from = middle + 1;
      else to = middle;
    }
    items.splice(from, 0, item);
    this.#size += 1;
  }

  /** Takes out whoever is next. */
  take(): Item | undefined {
    for (const [project, items] of this.#projects) {
      const item = items.pop();
      if (item === undefined) continue;
      this.#size -= 1;
      this.#projects.delete(project);
      // To the end of the turns.
      if (items.length > 0) this.#projects.set(project, items);
      return item;
    }
    return undefined;
  }

  remove(item: Item): void {
    const items = this.#projects.get(item.project);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index === -1) return;
    items.splice(index, 1);
    this.#size -= 1;
    if (items.length === 0) this.#projects.delete(item.project);
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const items of this.#projects.values()) yield* items;
  }
}
