import { leftOut, trimText } from "./text.ts";

/** How much of a value is kept. */
export interface CutLimits {
  /** Characters per string (and per key). */
  readonly chars: number;
  /** Items per array, entries per object. */
  readonly items: number;
  /** Levels of nesting. */
  readonly depth: number;
}

/** Copies a JSON value, cutting long strings and wide containers in the middle. */
export type Cut = (value: unknown, limits: CutLimits) => unknown;

/** A cut that can be repeated with other limits. A repetition costs only as much as what it keeps. */
export function createCut(): Cut {
  const known = new Map<object, readonly string[]>();

  function keysOf(value: object): readonly string[] {
    const keys = known.get(value) ?? Object.keys(value);
    known.set(value, keys);
    return keys;
  }

  function cut(value: unknown, limits: CutLimits): unknown {
    if (typeof value === "string") return trimText(value, limits.chars);
    if (typeof value !== "object" || value === null) return value;
    if (limits.depth <= 0) return leftOut(1, "deeper value");
    const inner = { ...limits, depth: limits.depth - 1 };
    if (Array.isArray(value)) {
      return cutMiddle(
        value,
        limits.items,
        (item) => cut(item, inner),
        (n) => leftOut(n, "items"),
      );
    }
    const record = value as Readonly<Record<string, unknown>>;
    // fromEntries defines own properties, so a key named `__proto__` stays plain data.
    return Object.fromEntries(
      cutMiddle(
        keysOf(value),
        limits.items,
        (key): [string, unknown] => [trimText(key, limits.chars), cut(record[key], inner)],
        (n): [string, unknown] => ["…", leftOut(n, "entries")],
      ),
    );
  }

  return cut;
}

function cutMiddle<Item, Kept>(
  items: readonly Item[],
  max: number,
  keep: (item: Item) => Kept,
  marker: (left: number) => Kept,
): Kept[] {
  if (items.length <= max) return items.map(keep);
  const head = items.slice(0, Math.ceil(max / 2));
  const tail = items.slice(items.length - Math.floor(max / 2));
  return [...head.map(keep), marker(items.length - head.length - tail.length), ...tail.map(keep)];
}
