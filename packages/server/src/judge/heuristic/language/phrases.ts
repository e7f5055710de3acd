/** Phrases by language (ISO 639-1): lower case, separated by `|`; a `*` at the end lets a word go on. */
export type PhraseBook = Readonly<Record<string, string>>;

/** Finds the phrases of a book in a text: each one it holds, once, in order. */
export type PhraseFinder = (text: string) => string[];

/** Scripts without spaces have no word boundaries to look for. */
const UNSPACED_LANGUAGES = new Set(["ja", "zh", "ko", "th"]);
/** Of a longer text, both ends are searched: what an agent thinks of its work stands there. */
const MAX_CHARS = 40_000;

/** Compiles a phrase book once, for all texts. */
export function findPhrases(book: PhraseBook): PhraseFinder {
  const spaced: string[] = [];
  const unspaced: string[] = [];
  for (const [language, phrases] of Object.entries(book)) {
    (UNSPACED_LANGUAGES.has(language) ? unspaced : spaced).push(
      ...phrases.split("|").map((phrase) => toPattern(phrase.trim())),
    );
  }
  const words = `(?<![\\p{L}\\p{N}])(?:${longestFirst(spaced)})(?![\\p{L}\\p{N}])`;
  const pattern = new RegExp([words, ...unspaced].join("|"), "gu");
  return (text) => [...new Set([...normalise(text).matchAll(pattern)].map(([phrase]) => phrase))];
}

function toPattern(phrase: string): string {
  const literal = phrase.replace(/\*$/, "").replaceAll(/[.?+()[\]{}^$\\]/g, "\\$&");
  return phrase.endsWith("*") ? `${literal}\\p{L}*` : literal;
}

function longestFirst(patterns: string[]): string {
  return patterns.sort((a, b) => b.length - a.length).join("|");
}

function normalise(text: string): string {
  const bounded =
    text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS / 2)}\n${text.slice(-MAX_CHARS / 2)}`;
  return bounded.toLowerCase().replaceAll("’", "'").replaceAll(/\s+/g, " ");
}
