import type { AvailableTool } from "../../../metrics/reading/available-tools.ts";
import { stopWords } from "../../../metrics/stop-words.ts";

/** Scripts without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+/gu;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Long enough to distinguish words, short enough to see "booked" and "booking" as one. */
const STEM = 5;
/** Only both ends of a longer text are read. */
const MAX_CHARS = 40_000;

/**
 * The first letters of each word of a text, lower case, without stop words: a rough stemming that works in every alphabet. Text
 * without spaces is split into pairs of characters instead.
 */
export function stems(text: string): Set<string> {
  const found = new Set<string>();
  const lower = bounded(text).toLowerCase();
  const spaced = lower.replace(UNSPACED, (run) => {
    addPairs(run, found);
    return " ";
  });
  for (const [word] of spaced.matchAll(WORD)) {
    if (word.length < 2 || stopWords.has(word)) continue;
    found.add(/^\p{N}/u.test(word) ? word : word.slice(0, STEM));
  }
  return found;
}

function addPairs(run: string, found: Set<string>): void {
  const characters = [...run];
  for (const [i, character] of characters.entries()) {
    const pair = character + (characters[i + 1] ?? "");
    // Pairs of kana alone are endings and particles.
    if (!found.has(pair) && !/^[\p{Script=Hiragana}ー]+$/u.test(pair)) found.add(pair);
  }
}

function bounded(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  return `${text.slice(0, MAX_CHARS / 2)} ${text.slice(-MAX_CHARS / 2)}`;
}

/** Words of many tool names that do not say what the tool is about. */
const GENERIC = stems(
  "get set list find search look lookup fetch read write run check create make update delete send call tool function api data item value query",
);

/** The stems of a tool's name and description. */
export function toolStems({ name, description }: AvailableTool): Set<string> {
  const words = name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ");
  return stems(`${words} ${description}`).difference(GENERIC);
}

/** The share of `wanted` that is in `found`; 1 if nothing is wanted. */
export function coverage(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  return wanted.size === 0 ? 1 : wanted.intersection(found).size / wanted.size;
}

/** The sentences of a text, roughly. Each line is at least one sentence. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?؟])\s+|(?<=[。！？])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
