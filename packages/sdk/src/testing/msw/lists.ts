/** One page of a list. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): { items: Item[]; total: number; limit: number; offset: number } {
  return { items: all.slice(offset, offset + limit), total: all.length, limit, offset };
}

/** Groups items by key, in order. Items without a key are left out. */
export function groupedBy<Item>(
  items: Iterable<Item>,
  key: (item: Item) => string | null,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const its = key(item);
    if (its === null) continue;
    const group = groups.get(its);
    if (group === undefined) groups.set(its, [item]);
    else group.push(item);
  }
  return groups;
}

type Key = string | number | null;

/** Sorts by one key after the other. `null` comes last in both orders. */
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

/** Newest first. Of items created at the same time, the last one comes first. */
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
