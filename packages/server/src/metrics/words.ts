import { stopWords } from "./stop-words.ts";

// One for the process: making a segmenter costs far more than using it.
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/**
 * The set of words of a text that tell what it is about: lower case, split as the script demands (Chinese, Japanese and
 * Thai write no spaces), without stop words and single letters. A single ideograph is a word and stays.
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
