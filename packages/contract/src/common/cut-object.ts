import { byteLength, fitsBytes } from "./byte-length.ts";
import { cutText } from "./text.ts";

/** No value is cut below this many bytes, and no longer key is kept: fields are dropped instead. */
const leastBytes = 500;

/** What was kept of an object that was too large. */
export interface CutObject<Value> {
  readonly value: Record<string, Value>;
  /** The fields whose values were cut, in their order. */
  readonly cut: readonly string[];
  /** How many fields were dropped, because so many values cannot be cut to fit. */
  readonly dropped: number;
}

/**
 * Makes an object fit into so many bytes of JSON: its largest values are cut down to one size, and where that is not
 * enough, its last fields are dropped. A value that is no string is kept as the start of its JSON.
 *
 * @returns `null` where it fits as it is.
 */
export function cutObjectTo<Value>(
  object: Readonly<Record<string, Value>>,
  bytes: number,
): CutObject<Value | string> | null {
  if (fitsBytes(JSON.stringify(object), bytes)) return null;
  const fields = Object.entries(object).map(([key, value]) => {
    const json = JSON.stringify(value) ?? "null";
    // The key with its quotes, a colon and a comma.
    return { key, value, json, keyBytes: byteLength(JSON.stringify(key)) + 2, valueBytes: byteLength(json) };
  });
  const keepable = fields.filter(({ keyBytes }) => keyBytes <= leastBytes);
  const room = bytes - 2 - keepable.reduce((sum, { keyBytes }) => sum + keyBytes, 0);
  const level = Math.max(
    leastBytes,
    waterLevel(
      keepable.map(({ valueBytes }) => valueBytes),
      room,
    ),
  );
  const kept: [string, Value | string][] = [];
  const cut: string[] = [];
  let left = bytes - 2;
  for (const { key, value, json, keyBytes, valueBytes } of keepable) {
    const isCut = valueBytes > level;
    const size = keyBytes + (isCut ? level : valueBytes);
    if (size > left) continue;
    left -= size;
    kept.push([key, isCut ? cutToJsonBytes(typeof value === "string" ? value : json, level) : value]);
    if (isCut) cut.push(key);
  }
  // `fromEntries` defines properties, so that a key `__proto__` stays a key.
  return { value: Object.fromEntries(kept), cut, dropped: fields.length - kept.length };
}

/** The size down to which the largest have to be cut so that all together fit into `room`. */
function waterLevel(sizes: readonly number[], room: number): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  let left = room;
  for (const [index, size] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (size > share) return Math.floor(share);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/** Cuts a text so that its JSON fits: an escape takes up to six times as many bytes as what it stands for. */
function cutToJsonBytes(text: string, bytes: number): string {
  let limit = bytes - 2;
  for (;;) {
    const cut = cutText(text, limit);
    const size = byteLength(JSON.stringify(cut));
    if (size <= bytes) return cut;
    limit = Math.max(Math.floor(limit / 8), Math.floor((limit * bytes) / size) - 1);
  }
}
