import { stopWords } from "../../metrics/stop-words.ts";

/** The dimension of the embeddings. A larger one has fewer collisions; at 512, texts without a common n-gram stay near 0. */
const DIMENSION = 512;
/** The lengths of character n-grams, in alphabets and in scripts of syllables or ideographs. */
const LETTER_GRAMS = [3, 4, 5];
const UNSPACED_GRAMS = [1, 2];
/** Only both ends of a longer text are embedded, so that 10 MB take no longer than 100 kB. */
const MAX_CHARS = 100_000;

const RUN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}ー]+|[\p{L}\p{M}\p{N}]+/gu;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}ー]/u;

/**
 * Embeds a text by its character n-grams, hashed with a sign into a unit vector (feature hashing as in Weinberger et al.,
 * "Feature Hashing for Large Scale Multitask Learning", 2009; counts damped as `1 + ln n`). Works in any script and sees "book"
 * in "booking", but knows no meaning. Equal texts have equal vectors.
 */
export function embedText(text: string): number[] {
  const vector = new Array<number>(DIMENSION).fill(0);
  for (const [gram, count] of countGrams(text)) add(vector, gram, 1 + Math.log(count));
  let length = Math.hypot(...vector);
  if (length === 0) {
    // Only punctuation, or n-grams that cancelled out: such texts are similar only if they are equal.
    add(vector, text, 1);
    length = 1;
  }
  return vector.map((value) => value / length);
}

function countGrams(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [run] of bounded(text).toLowerCase().matchAll(RUN)) {
    if (stopWords.has(run)) continue;
    const unspaced = UNSPACED.test(run);
    const characters = unspaced ? run : ` ${run} `;
    const starts = startsOf(characters);
    for (const length of unspaced ? UNSPACED_GRAMS : LETTER_GRAMS) {
      for (let i = 0; i + length < starts.length; i++) {
        const gram = characters.slice(starts[i], starts[i + length]);
        counts.set(gram, (counts.get(gram) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** The index where each character begins, in UTF-16 units, and where the last one ends. */
function startsOf(text: string): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    starts.push(at);
    at += character.length;
  }
  starts.push(at);
  return starts;
}

function bounded(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  return `${text.slice(0, MAX_CHARS / 2)} ${text.slice(-MAX_CHARS / 2)}`;
}

function add(vector: number[], gram: string, weight: number): void {
  const hash = fnv1a(gram);
  const index = hash % DIMENSION;
  // The highest bit decides the sign, so that collisions cancel out as often as they add up.
  vector[index] = (vector[index] ?? 0) + (hash >>> 31 === 0 ? weight : -weight);
}

/** FNV-1a over UTF-16 units, with a final mix so that short grams reach the high bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
