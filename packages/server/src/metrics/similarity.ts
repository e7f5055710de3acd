import { stopWords } from "./stop-words.ts";

/** The cosine of the angle between two vectors of the same dimension; 0 if either is the zero vector. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa === 0 || bb === 0) return 0;
  return Math.min(1, Math.max(-1, dot / Math.sqrt(aa * bb)));
}

/** The size of the intersection over the size of the union; 0 if both sets are empty. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const union = a.union(b).size;
  return union === 0 ? 0 : a.intersection(b).size / union;
}

// One per process: creating a segmenter costs far more than using it.
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/**
 * The distinctive words of a text: lower case, segmented by script (Chinese, Japanese and Thai have no spaces), without
 * stop words and single letters. A single ideograph counts as a word.
 */
export function wordSet(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (isWordLike !== true) continue;
    const word = segment.toLowerCase();
    if (stopWords.has(word)) continue;
    if (isSingleLetter(word)) continue;
    words.add(word);
  }
  return words;
}

function isSingleLetter(word: string): boolean {
  return /^\p{L}\p{M}*$/u.test(word) && !/^\p{Ideographic}/u.test(word);
}
