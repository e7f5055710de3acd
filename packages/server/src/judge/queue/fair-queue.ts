export interface FairQueueItem {
  /** Projects take turns, however many items each has. */
  readonly project: string;
  /** Within a project, lower goes first; equals in the order they came. */
  readonly age: number;
}

/** A queue in which projects take turns, and each project's items go by age. */
export class FairQueue<Item extends FairQueueItem> {
  /** In the order of their turns; each project's items from last to first. */
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
      if ((items[middle]?.age ?? 0) > item.age) from = middle + 1;
      else to = middle;
    }
    items.splice(from, 0, item);
    this.#size += 1;
  }

  /** Removes and returns the next item; of those with the lowest `rank`, if that is given. */
  take(rank?: (item: Item) => number): Item | undefined {
    const item = rank === undefined ? this.#projects.values().next().value?.at(-1) : this.#lowest(rank);
    if (item === undefined) return undefined;
    const items = this.#projects.get(item.project) ?? [];
    this.remove(item);
    // Its project goes to the back.
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

/** Gives things an age, the oldest the lowest. */
export interface Ages {
  /** The same for every question about the same thing; a new, last one for nothing in particular. */
  of(thing: object | undefined): number;
}

/**
 * Later questions about a trace then go before the first ones about newer traces, so that targets end one after the other
 * instead of all at the very end.
 */
export function createAges(): Ages {
  const known = new WeakMap<object, number>();
  let last = 0;
  return {
    of(thing) {
      const age = (thing && known.get(thing)) ?? ++last;
      if (thing !== undefined) known.set(thing, age);
      return age;
    },
  };
}
