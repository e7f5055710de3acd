import { Readable } from "node:stream";
import type { PageInPieces } from "../features/pieces.ts";

/**
 * A JSON array that is written while it is read, so that a list of any length needs little memory. What ends within the
 * first chunk is answered as an array like any other.
 */
export async function streamArray<Item>(
  chunks: AsyncGenerator<Item[]>,
  reply: { header(name: string, value: string): unknown },
): Promise<Item[]> {
  const first = await chunks.next();
  if (first.done) return [];
  const second = await chunks.next();
  if (second.done) return first.value;
  return streamJson<Item[]>(arrayText(first.value, second.value, chunks), reply);
}

/** A page of a list. One that is small is answered as an object like any other. */
export async function streamPage<Item>(
  { pieces, ...page }: PageInPieces<Item>,
  reply: { header(name: string, value: string): unknown },
): Promise<{ items: Item[]; total: number; limit: number; offset: number }> {
  const first = await pieces.next();
  if (first.done) return { items: [], ...page };
  const second = await pieces.next();
  if (second.done) return { items: first.value, ...page };
  return streamJson(pageText(arrayText(first.value, second.value, pieces), page), reply);
}

async function* pageText(items: AsyncGenerator<string>, page: object): AsyncGenerator<string> {
  yield '{"items":';
  yield* items;
  yield `,${JSON.stringify(page).slice(1)}`;
}

/** An answer whose JSON is written piece by piece. */
export function streamJson<Body>(
  texts: AsyncGenerator<string>,
  reply: { header(name: string, value: string): unknown },
): Body {
  reply.header("content-type", "application/json; charset=utf-8");
  // ts-rest hands a stream on as it is; the type of the answer is that of what the stream spells.
  return Readable.from(texts) as unknown as Body;
}

async function* arrayText<Item>(
  first: Item[],
  second: Item[],
  rest: AsyncGenerator<Item[]>,
): AsyncGenerator<string> {
  let separator = "[";
  const piece = (items: readonly Item[]) => {
    // What is empty was deleted meanwhile.
    const text = items.length === 0 ? "" : separator + itemsText(items);
    if (items.length > 0) separator = ",";
    return text;
  };
  yield piece(first) + piece(second);
  for await (const items of rest) yield piece(items);
  yield separator === "[" ? "[]" : "]";
}

function itemsText(items: readonly unknown[]): string {
  return items.map((item) => JSON.stringify(item)).join(",");
}
