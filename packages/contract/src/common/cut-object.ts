import { byteLength, fitsBytes } from "./byte-length.ts";
import { cutText } from "./text.ts";

/** No value is cut below this many bytes, and no longer key is kept. Fields are dropped instead. */
const leastBytes = 500;

/** The part of a too large object that is kept. */
export interface CutObject<Value> {
  readonly value: Record<string, Value>;
  /** The fields whose values were cut, in order. */
  readonly cut: readonly string[];
  /** How many fields were dropped because cutting values was not enough. */
  readonly dropped: number;
}

/**
 * Cuts an object to a number of bytes of JSON. Its largest values are cut to one common size. If that is not enough,
 * its last fields are dropped. For a value that is not a string, the start of its JSON is kept.
 *
 * @returns `null` if it fits already.
 */
export function cutObjectTo<Value>(
  object: Readonly<Record<string, Value>>,
  bytes: number,
): CutObject<Value | string> | null {
  if (mostBytes(object, bytes) <= bytes || fitsBytes(JSON.stringify(object), bytes)) return null;
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

/**
 * An upper bound for a value's bytes of JSON, which is faster than making the JSON: each character may be an escape.
 * Above `limit` it stops counting.
 */
function mostBytes(value: unknown, limit: number): number {
  if (typeof value === "string") return 2 + 6 * value.length;
  if (typeof value !== "object" || value === null) return longestNumber;
  if ("toJSON" in value) return Number.POSITIVE_INFINITY;
  let bytes = 2;
  for (const key in value) {
    bytes += 4 + 6 * key.length + mostBytes((value as Record<string, unknown>)[key], limit - bytes);
    if (bytes > limit) break;
  }
  return bytes;
}

const longestNumber = "-1.2345678901234567e-308".length;

/** The size to which the largest values must be cut so that all fit into `room`. */
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

/** Cuts a text so that its JSON fits. An escape can take six times as many bytes as its character. */
function cutToJsonBytes(text: string, bytes: number): string {
  let limit = bytes - 2;
  for (;;) {
    const cut = cutText(text, limit);
    const size = byteLength(JSON.stringify(cut));
    if (size <= bytes) return cut;
    limit = Math.max(Math.floor(limit / 8), Math.floor((limit * bytes) / size) - 1);
  }
}
