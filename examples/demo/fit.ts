import { stripVTControlCharacters } from "node:util";
import { characters, displayWidth } from "./display-width.ts";

/** The text on one line, without control characters and escape sequences. */
export function onOneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/** The text in exactly `columns` columns: cut with an ellipsis, or padded with spaces. */
export function fitTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text + " ".repeat(columns - displayWidth(text));
  const head = takeColumns(characters(text), columns - 1);
  return `${head}…${" ".repeat(columns - 1 - displayWidth(head))}`;
}

/** The text in lines of at most `columns` columns, broken at spaces, or inside words that are longer than a line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of onOneLine(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, columns);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return line === "" ? lines : [...lines, line];
}

function breakWord(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (displayWidth(rest) > columns) {
    const piece = takeColumns(characters(rest), columns) || (characters(rest)[0] ?? rest);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}

function takeColumns(parts: readonly string[], columns: number): string {
  let taken = "";
  for (const part of parts) {
    if (displayWidth(taken + part) > columns) break;
    taken += part;
  }
  return taken;
}
