import { Readable } from "node:stream";

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
  yield `[${itemsText(first)},${itemsText(second)}`;
  for await (const items of rest) yield `,${itemsText(items)}`;
  yield "]";
}

function itemsText(items: readonly unknown[]): string {
  return items.map((item) => JSON.stringify(item)).join(",");
}
