import { anyPosition, type CursorPosition, readCursor, writeCursor } from "@pandaprobe/contract/rules";

/** One page of a list. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): { items: Item[]; total: number; limit: number; offset: number } {
  return { items: all.slice(offset, offset + limit), total: all.length, limit, offset };
}

interface CursorList<Item> {
  readonly list: string;
  readonly query: {
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly offset: number;
    readonly total: boolean;
  };
  readonly position: (item: Item) => CursorPosition;
  readonly order: "asc" | "desc";
  /** The order of the ids. Default: that of the keys. */
  readonly idOrder?: "asc" | "desc";
}

/** One page of a list that also has cursors. @throws ProblemError `validation_error` */
export function cursorPageOf<Item>(
  items: Iterable<Item>,
  { list, query, position, order, idOrder = order }: CursorList<Item>,
) {
  const compared = (a: CursorPosition, b: CursorPosition) =>
    compare(a.key, b.key, signOf(order)) || compare(a.id, b.id, signOf(idOrder));
  const all = [...items].sort((a, b) => compared(position(a), position(b)));
  const from =
    query.cursor === undefined ? undefined : readCursor({ list, query }, query.cursor, anyPosition);
  const rest = from === undefined ? all : all.filter((item) => compared(position(item), from) > 0);
  const page = pageOf(rest, query);
  const last = page.items.at(-1);
  const end = last === undefined ? 0 : query.offset + page.items.length;
  const hasMore = last !== undefined && rest.length > end;
  return {
    ...page,
    total: query.total ? all.length : hasMore ? end + 1 : end,
    next_cursor: hasMore ? writeCursor({ list, query }, position(last)) : null,
  };
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
  const sign = signOf(order);
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

function signOf(order: "asc" | "desc"): number {
  return order === "asc" ? 1 : -1;
}

function compare(a: Key, b: Key, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}
