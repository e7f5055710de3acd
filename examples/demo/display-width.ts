const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Drawn two columns wide: Chinese, Japanese and Korean, their punctuation, full-width forms, emoji. */
const wide =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** Half-width Katakana is the exception; a variation selector asks for an emoji. */
const narrow = /^[\uff61-\uff9f]/;
const emojiStyle = "\ufe0f";

/** Splits a text into the characters that a reader sees. */
export function characters(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The width of a text without control characters, in terminal columns. */
export function displayWidth(text: string): number {
  return characters(text).reduce((sum, character) => sum + characterWidth(character), 0);
}

function characterWidth(character: string): number {
  if (character.includes(emojiStyle)) return 2;
  return wide.test(character) && !narrow.test(character) ? 2 : 1;
}
