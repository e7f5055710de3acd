import type { AvailableTool } from "../../../metrics/reading/available-tools.ts";
import { stopWords } from "../../../metrics/stop-words.ts";

/** Scripts that write no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+/gu;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Long enough to tell words apart, short enough to see "book", "booked" and "booking" as one. */
const STEM = 5;
/** Both ends of a longer text are looked at. */
const MAX_CHARS = 40_000;

/**
 * The words of a text by their first letters, lower case, without stop words: a rough stemming that serves every
 * alphabet. Text without spaces is taken in pairs of characters instead.
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

/** Words of many tool names that do not tell what the tool is about. */
const GENERIC = stems(
  "get set list find search look lookup fetch read write run check create make update delete send call tool function api data item value query",
);

/** What a tool is about, by its name and description. */
export function toolStems({ name, description }: AvailableTool): Set<string> {
  const words = name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ");
  return stems(`${words} ${description}`).difference(GENERIC);
}

/** The share of `wanted` that is in `had`; 1 if nothing is wanted. */
export function coverage(wanted: ReadonlySet<string>, had: ReadonlySet<string>): number {
  return wanted.size === 0 ? 1 : wanted.intersection(had).size / wanted.size;
}

/** The sentences of a text, roughly; list items count as sentences of their own. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?؟])\s+|(?<=[。！？])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
