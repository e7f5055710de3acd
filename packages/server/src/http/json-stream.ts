import { Readable } from "node:stream";
import type { PageInPieces } from "../features/pieces.ts";

/**
 * Writes a JSON array while its chunks are read, so that a list of any length needs little memory. A list of one
 * chunk is returned as a plain array.
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

/** The same for a page of a list. A page of one piece is returned as a plain object. */
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

/** A response whose JSON text is written piece by piece. */
export function streamJson<Body>(
  texts: AsyncGenerator<string>,
  reply: { header(name: string, value: string): unknown },
): Body {
  reply.header("content-type", "application/json; charset=utf-8");
  // ts-rest passes a stream on unchanged. The type is that of the JSON in the stream.
  return Readable.from(texts) as unknown as Body;
}

async function* arrayText<Item>(
  first: Item[],
  second: Item[],
  rest: AsyncGenerator<Item[]>,
): AsyncGenerator<string> {
  let separator = "[";
  const piece = (items: readonly Item[]) => {
    // A piece is empty if its items were deleted meanwhile.
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
