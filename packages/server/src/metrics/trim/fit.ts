import { toFencedJson } from "../fence.ts";
import { withoutFiles } from "../media.ts";
import { type CutLimits, createCut } from "./cut.ts";
import { trimText } from "./text.ts";
import { waterLevel } from "./water-level.ts";

export interface Fitted {
  /** The trimmed value. */
  readonly value: unknown;
  /** The same as fenced JSON that fits (as a last resort, a piece of it). */
  readonly text: string;
  readonly trimmed: boolean;
}

/** A shorter string would say nothing; below this, items are left out instead. */
const SHORTEST = 160;
/** Containers keep at least this many items; if the JSON is still too long, it is cut as text. */
const FEWEST = 4;
/** Deeper than any value the API accepts; guards the stack against values from elsewhere. */
const DEEPEST = 1_000;

/**
 * A JSON value as fenced JSON of at most `maxChars` characters. Files in it become short marks (`media.ts`). The
 * middle of the longest strings is cut first; if the many short parts alone are too long, items are left out of the
 * middle of containers. The first pass is linear in the value, each further pass in what is left, and their number is
 * logarithmic.
 */
export function fit(given: unknown, maxChars: number): Fitted {
  const value = withoutFiles(given);
  const whole = toFencedJson(value);
  if (whole.length <= maxChars) return { value, text: whole, trimmed: false };

  const cut = createCut();
  let limits = firstLimits(measure(value), whole.length, maxChars);
  for (;;) {
    const kept = cut(value, limits);
    const text = toFencedJson(kept);
    if (text.length <= maxChars) return { value: kept, text, trimmed: true };
    const next = tighten(limits, maxChars / text.length);
    if (next === undefined) return cutAsText(text, maxChars);
    limits = next;
  }
}

/** Limits that would suffice if all strings and all containers were similar. */
function firstLimits({ lengths, widest }: Shape, wholeLength: number, maxChars: number): CutLimits {
  const structure = wholeLength - lengths.reduce((sum, length) => sum + length, 0);
  const longest = lengths.reduce((max, length) => Math.max(max, length), 0);
  const level = Math.min(longest, waterLevel(lengths, maxChars - structure));
  const chars = Math.max(SHORTEST, level);
  const expected = lengths.reduce((sum, length) => sum + Math.min(length, chars), structure);
  const items = Math.max(FEWEST, Math.ceil(widest * Math.min(1, maxChars / expected)));
  return { chars, items, depth: DEEPEST };
}

function cutAsText(json: string, maxChars: number): Fitted {
  const text = trimText(json, maxChars);
  return { value: text, text, trimmed: true };
}

/** Limits tightened by about the factor by which the last cut was too long, strings first. */
function tighten({ chars, items, depth }: CutLimits, ratio: number): CutLimits | undefined {
  const factor = Math.min(0.9, Math.max(0.1, ratio));
  // Escapes are spread unevenly over a string, so a cut string can be longer than its share.
  if (chars > SHORTEST) return { chars: Math.max(SHORTEST, Math.floor(chars * factor)), items, depth };
  if (items > FEWEST) return { chars, items: Math.max(FEWEST, Math.floor(items * factor)), depth };
  return undefined;
}

interface Shape {
  /** Length of each string as fenced JSON, including quotes. */
  readonly lengths: number[];
  /** Entries of the widest container. */
  widest: number;
}

function measure(value: unknown): Shape {
  const shape: Shape = { lengths: [], widest: 0 };
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === "string") shape.lengths.push(toFencedJson(next).length);
    else if (typeof next === "object" && next !== null) {
      const items = Object.values(next);
      shape.widest = Math.max(shape.widest, items.length);
      for (const item of items) pending.push(item);
    }
  }
  return shape;
}
