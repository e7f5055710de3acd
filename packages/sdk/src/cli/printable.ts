/*
 * Reasons come from a judge that read the agent's input, and names from the sender of the trace. They must not move a
 * terminal's cursor, or be a command to a CI system that reads the log.
 */

/** The text on one line, without control characters and commands of CI systems. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(/##(?=\w*\[)/g, "# #")
    .replace(/^\s*::/, ": :")
    .trim();
}

const graphemes = new Intl.Segmenter();
const wide =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

/** How many columns of a terminal the text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

/** The text, cut to fit with a … */
export function fitInto(columns: number, text: string): string {
  if (columnsOf(text) <= columns) return text;
  let kept = "";
  let left = columns - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** The parts on as many lines as they need. A part that is longer than a line is cut. */
export function wrapParts(columns: number, parts: readonly string[], separator: string): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = [...lines.slice(-1), part].join(separator);
    if (lines.length > 0 && columnsOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(fitInto(columns, part));
  }
  return lines;
}
