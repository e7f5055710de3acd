import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

export interface Line {
  /** From 1. */
  readonly number: number;
  /** `null` if it is longer than {@link longestLine}. */
  readonly text: string | null;
}

/** In bytes. A trace may have 50 MB; without a limit, a file with only one line would not fit into memory. */
export const longestLine = 256 * 2 ** 20;

/**
 * Yields the lines of a file, without empty ones. gzip is recognized by its first bytes.
 *
 * @param file `-` is standard input.
 * @param onBytes called with the number of bytes read from the file, compressed or not.
 */
export async function* readLines(
  file: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Line> {
  const source: Readable = file === "-" ? process.stdin : createReadStream(file);
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  const take = function* (end: Buffer): Generator<Line> {
    number += 1;
    length += end.length;
    const text = length > longestLine ? null : Buffer.concat([...parts, end]).toString();
    parts = [];
    length = 0;
    // The byte order mark that editors on Windows write.
    const line = number === 1 ? (text?.replace(/^\ufeff/, "") ?? null) : text;
    if (line === null || line.trim() !== "") yield { number, text: line };
  };
  for await (const chunk of inflated(source, onBytes)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield* take(chunk.subarray(from, end));
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length <= longestLine) parts.push(rest);
    else parts = [];
  }
  if (length > 0) yield* take(Buffer.alloc(0));
}

async function* inflated(source: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = async function* () {
    for (let next: IteratorResult<Buffer> = first; next.done !== true; next = await chunks.next()) {
      onBytes(next.value.length);
      yield next.value;
    }
  };
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  // An error of either stream ends the loop of the caller.
  yield* isGzip ? pipeline(all(), createGunzip(), () => {}) : all();
}
