/** The items of each key, in the order they came; those without a key are left out. */
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
