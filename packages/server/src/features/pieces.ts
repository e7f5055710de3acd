/** Responses up to this many bytes are sent at once; larger ones are read and written in pieces of this size. */
export const pieceBytes = 1_000_000;

/** One page of a list. Its items may be large, so they are read a few at a time. */
export interface PageInPieces<Item> {
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly pieces: AsyncGenerator<Item[], void, undefined>;
}

interface Planned {
  readonly id: string;
  readonly bytes: number;
}

/** Reads planned items in order, one piece at a time. Items deleted since they were planned are left out. */
export async function* inPieces<Item extends { readonly id: string }>(
  planned: readonly Planned[],
  read: (ids: string[]) => Promise<Item[]>,
): AsyncGenerator<Item[], void, undefined> {
  for (const piece of groups(planned, ({ bytes }) => bytes, pieceBytes)) {
    const ids = piece.map(({ id }) => id);
    const found = new Map((await read(ids)).map((item) => [item.id, item]));
    yield ids.flatMap((id) => found.get(id) ?? []);
  }
}

/** Splits items, in order, into groups of at most `most` bytes; a larger item gets a group of its own. */
export function groups<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  most: number,
): Item[][] {
  const all: Item[][] = [];
  let left = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    const last = all.at(-1);
    if (last === undefined || bytes > left) {
      all.push([item]);
      left = most - bytes;
    } else {
      last.push(item);
      left -= bytes;
    }
  }
  return all;
}
