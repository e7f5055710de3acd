import type { WriteStream } from "node:tty";
import { fitInto } from "./printable.ts";

/** Where progress and messages of an export or import go. */
export interface TransferDisplay {
  /** @param text is only called when its result is shown. */
  update(text: () => string): void;
  /** Prints a line that stays. */
  say(line: string): void;
  /** Removes the progress. */
  end(): void;
}

/** People cannot read faster, and more updates would slow the transfer down. */
const redrawMs = 100;
/** After a longer silence the program would seem to hang. */
const longestSilenceMs = 15_000;

/** One line that is updated on a terminal, a line now and then elsewhere, or nothing. */
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
