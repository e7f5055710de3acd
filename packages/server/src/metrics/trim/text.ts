/** The marker for omitted text. */
export function leftOut(count: number, what: string): string {
  return `… [${count.toLocaleString("en-US")} ${what} left out] …`;
}

/**
 * Cuts the middle of a text so that at most `maxChars` characters (UTF-16 units) remain, with a visible marker in the
 * gap. Never splits a surrogate pair. If not even the marker fits, returns the marker alone.
 */
export function trimText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const kept = Math.max(0, maxChars - leftOut(text.length, "characters").length);
  const headEnd = beforePair(text, Math.ceil(kept / 2));
  const tailStart = afterPair(text, text.length - Math.floor(kept / 2));
  return `${text.slice(0, headEnd)}${leftOut(tailStart - headEnd, "characters")}${text.slice(tailStart)}`;
}

function beforePair(text: string, index: number): number {
  return isInsidePair(text, index) ? index - 1 : index;
}

function afterPair(text: string, index: number): number {
  return isInsidePair(text, index) ? index + 1 : index;
}

function isInsidePair(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return false;
  return (text.codePointAt(index - 1) ?? 0) > 0xffff;
}
