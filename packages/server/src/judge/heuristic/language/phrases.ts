/** Phrases by language (ISO 639-1), in lower case and separated by `|`. A final `*` matches any ending of the word. */
export type PhraseBook = Readonly<Record<string, string>>;

/** Finds the phrases of a book that occur in a text, once each, in order. */
export type PhraseFinder = (text: string) => string[];

interface Phrase {
  readonly text: string;
  /** Whether the last word may have any ending. */
  readonly open: boolean;
}

/** Phrases by their first characters, longer ones first. */
type Index = ReadonlyMap<string, readonly Phrase[]>;

/** Scripts without spaces have no visible word boundaries, so their phrases may begin at any character. */
const UNSPACED_LANGUAGES = new Set(["ja", "zh", "ko", "th"]);
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Only both ends of a longer text are searched, where agents comment on their work. */
const MAX_CHARS = 40_000;

/** Indexes a phrase book for searching texts in linear time. */
export function findPhrases(book: PhraseBook): PhraseFinder {
  const entries = Object.entries(book).flatMap(([language, phrases]) =>
    phrases.split("|").map((phrase) => ({ phrase: phrase.trim().replaceAll(/\s+/g, " "), language })),
  );
  const isUnspaced = ({ language }: { language: string }): boolean => UNSPACED_LANGUAGES.has(language);
  const spaced = indexBy(
    2,
    entries.filter((entry) => !isUnspaced(entry)),
  );
  const unspaced = indexBy(1, entries.filter(isUnspaced));
  return (text) => {
    const searched = normalise(text);
    return [...new Set([...findSpaced(searched, spaced), ...findUnspaced(searched, unspaced)])];
  };
}

function indexBy(length: number, entries: readonly { phrase: string }[]): Index {
  const phrases = entries.map(({ phrase }) => ({
    text: phrase.replace(/\*$/, ""),
    open: phrase.endsWith("*"),
  }));
  phrases.sort((a, b) => b.text.length - a.text.length);
  return Map.groupBy(phrases, ({ text }) => text.slice(0, length));
}

function findSpaced(text: string, index: Index): string[] {
  const found: string[] = [];
  let end = 0;
  for (const { index: at } of text.matchAll(WORD)) {
    if (at < end) continue;
    const phrase = index.get(text.slice(at, at + 2))?.find((candidate) => standsAt(text, at, candidate));
    if (phrase === undefined) continue;
    found.push(phrase.text);
    end = at + phrase.text.length;
  }
  return found;
}

function standsAt(text: string, at: number, { text: phrase, open }: Phrase): boolean {
  if (!text.startsWith(phrase, at)) return false;
  const next = text.slice(at + phrase.length, at + phrase.length + 2);
  return open || !/^[\p{L}\p{N}]/u.test(next);
}

function findUnspaced(text: string, index: Index): string[] {
  if (!UNSPACED.test(text)) return [];
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const phrase = index.get(text.charAt(at))?.find((candidate) => text.startsWith(candidate.text, at));
    if (phrase === undefined) continue;
    found.push(phrase.text);
    at += phrase.text.length - 1;
  }
  return found;
}

function normalise(text: string): string {
  const bounded =
    text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS / 2)}\n${text.slice(-MAX_CHARS / 2)}`;
  return bounded.toLowerCase().replaceAll("’", "'").replaceAll(/\s+/g, " ");
}
