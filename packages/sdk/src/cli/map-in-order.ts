/** Maps items in their order, processing up to `concurrency` of them at once. */
export async function* mapInOrder<Item, Mapped>(
  items: AsyncIterable<Item>,
  concurrency: number,
  map: (item: Item) => Promise<Mapped>,
): AsyncGenerator<Mapped> {
  const inWork: Promise<Mapped>[] = [];
  for await (const item of items) {
    const mapped = map(item);
    // If an earlier one fails, this one is never awaited.
    mapped.catch(() => {});
    inWork.push(mapped);
    const [first] = inWork;
    if (inWork.length < concurrency || first === undefined) continue;
    inWork.shift();
    yield await first;
  }
  for (const mapped of inWork) yield await mapped;
}
