type Key = string | number | null;

/** Sorted by one key after the other; `null` comes last in either order. */
export function sorted<Item>(
  items: Iterable<Item>,
  keys: (item: Item) => readonly Key[],
  order: "asc" | "desc" = "asc",
): Item[] {
  const sign = order === "asc" ? 1 : -1;
  return [...items].sort((a, b) => {
    const [first, second] = [keys(a), keys(b)];
    for (const [index, key] of first.entries()) {
      const compared = compare(key, second[index] ?? null, sign);
      if (compared !== 0) return compared;
    }
    return 0;
  });
}

/** The newest first; of what was made together, the one made last. */
export function newestFirst<Item extends { readonly created_at: string; readonly id: string }>(
  items: Iterable<Item>,
): Item[] {
  return sorted(items, ({ created_at, id }) => [created_at, id], "desc");
}

function compare(a: Key, b: Key, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}
