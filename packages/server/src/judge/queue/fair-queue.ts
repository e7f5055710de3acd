export interface FairQueueItem {
  /** Projects take turns, however many items each has. */
  readonly project: string;
  /** Within a project, lower goes first; equal ones in order of arrival. */
  readonly order: number;
}

/** A queue in which projects take turns, and each project's items keep their order. */
export class FairQueue<Item extends FairQueueItem> {
  /** Projects in the order of their turns, each with its items from last to first. */
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
      if ((items[middle]?.order ?? 0) > item.order) from = middle + 1;
      else to = middle;
    }
    items.splice(from, 0, item);
    this.#size += 1;
  }

  /** Removes and returns the next item; with `rank`, the next one of those with the lowest rank. */
  take(rank?: (item: Item) => number): Item | undefined {
    const item = rank === undefined ? this.#projects.values().next().value?.at(-1) : this.#lowest(rank);
    if (item === undefined) return undefined;
    const items = this.#projects.get(item.project) ?? [];
    this.remove(item);
    // The project moves to the back.
    if (this.#projects.delete(item.project)) this.#projects.set(item.project, items);
    return item;
  }

  remove(item: Item): void {
    const items = this.#projects.get(item.project);
    const index = items?.lastIndexOf(item) ?? -1;
    if (items === undefined || index === -1) return;
    items.splice(index, 1);
    this.#size -= 1;
    if (items.length === 0) this.#projects.delete(item.project);
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const items of this.#projects.values()) yield* items;
  }

  #lowest(rank: (item: Item) => number): Item | undefined {
    let lowest: Item | undefined;
    for (const items of this.#projects.values()) {
      for (const item of items.toReversed()) {
        if (lowest === undefined || rank(item) < rank(lowest)) lowest = item;
      }
    }
    return lowest;
  }
}

/** The order in which objects, such as traces, were first asked about. */
export interface StartOrder {
  /** The same number for every question about the same object; without an object, a new number after all others. */
  of(thing: object | undefined): number;
}

/**
 * Lets later questions about a trace go before the first questions about newer traces, so that targets finish one after the
 * other instead of all at the end.
 */
export function createStartOrder(): StartOrder {
  const known = new WeakMap<object, number>();
  let last = 0;
  return {
    of(thing) {
      const order = (thing && known.get(thing)) ?? ++last;
      if (thing !== undefined) known.set(thing, order);
      return order;
    },
  };
}
