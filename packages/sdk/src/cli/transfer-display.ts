import type { WriteStream } from "node:tty";
import { fitInto } from "./printable.ts";

/** Where progress and messages of an export or import go. */
export interface TransferDisplay {
  /** @param text is asked for only when it is shown. */
  update(text: () => string): void;
  /** Prints a line that stays. */
  say(line: string): void;
  /** Removes the progress. */
  end(): void;
}

/** A terminal can show no more, and more would slow the transfer down. */
const redrawMs = 100;
/** A log that is silent for longer looks like a program that hangs. */
const longestSilenceMs = 15_000;

/** One line that changes on a terminal, a line now and then elsewhere, or nothing. */
export function transferDisplay(stream: WriteStream, isQuiet: boolean): TransferDisplay {
  if (isQuiet) return { update: () => {}, say: () => {}, end: () => {} };
  const isTerminal = stream.isTTY && stream.columns > 0;
  const erase = isTerminal ? "\r\x1b[2K" : "";
  let shownAt = isTerminal ? Number.NEGATIVE_INFINITY : performance.now();
  return {
    update(text) {
      const now = performance.now();
      if (now - shownAt < (isTerminal ? redrawMs : longestSilenceMs)) return;
      shownAt = now;
      stream.write(isTerminal ? `${erase}${fitInto(stream.columns - 1, text())}` : `${text()}\n`);
    },
    say(line) {
      stream.write(`${erase}${line}\n`);
    },
    end() {
      stream.write(erase);
    },
  };
}
