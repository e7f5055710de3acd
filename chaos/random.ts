/** Repeatable random numbers: the same seed gives the same sequence. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** From `least` to below `most`. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** The generator Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    pick(items) {
      const [first] = items;
      if (first === undefined) throw new Error("There is nothing to pick from.");
      return items[Math.floor(next() * items.length)] ?? first;
    },
  };
}
