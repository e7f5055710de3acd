import { diffArrays } from "diff";

/** A part of a text, and whether the other text lacks it. */
export interface Part {
  readonly text: string;
  readonly differs: boolean;
}

/** Two texts in parts. */
export interface Differing {
  readonly unit: "words" | "lines";
  readonly before: readonly Part[];
  readonly after: readonly Part[];
}

/** In characters of both texts. Longer ones are compared by lines, because splitting them into words takes too long. */
const mostForWords = 50_000;
/** With more changes, marks do not help, and finding them takes too long. */
const mostChanges = 1_500;
/** In milliseconds, for either unit. */
const timeout = 150;

const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** The words that two texts do not share, or the lines, if they are long. `null` if they share hardly anything. */
export function differingWords(before: string, after: string): Differing | null {
  const byWords =
    before.length + after.length > mostForWords ? null : differing("words", wordsOf(before), wordsOf(after));
  return byWords ?? differing("lines", linesOf(before), linesOf(after));
}

/** Words and marks in any language, each with the space after it, because separate spaces would match by accident. */
function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const { segment } of words.segment(text)) {
    if (segment.trim() === "" && found.length > 0) found.push(`${found.pop()}${segment}`);
    else found.push(segment);
  }
  return found;
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function differing(unit: Differing["unit"], before: string[], after: string[]): Differing | null {
  const changes = diffArrays(before, after, {
    comparator: (one, other) => one.trimEnd() === other.trimEnd(),
    maxEditLength: mostChanges,
    timeout,
  });
  if (changes === undefined) return null;
  const sides = { before: [] as Part[], after: [] as Part[] };
  let [inBefore, inAfter] = [0, 0];
  for (const { added, removed, count } of changes) {
    const differs = added || removed;
    if (!added) sides.before.push({ text: before.slice(inBefore, inBefore + count).join(""), differs });
    if (!removed) sides.after.push({ text: after.slice(inAfter, inAfter + count).join(""), differs });
    if (!added) inBefore += count;
    if (!removed) inAfter += count;
  }
  return { unit, ...sides };
}
