import type { WriteStream } from "node:tty";
import type { Style, Styled } from "./table-report.ts";

const codes: Readonly<Record<Style, string>> = { good: "32", bad: "31", strong: "1", faint: "2" };

/** Colors on a terminal that has them, unless NO_COLOR or TERM=dumb say otherwise: `hasColors` minds both. */
export function styledFor(stream: WriteStream, mayColor: boolean): Styled {
  if (!mayColor || !stream.isTTY || !stream.hasColors()) return (_style, text) => text;
  return (style, text) => `\x1b[${codes[style]}m${text}\x1b[0m`;
}
