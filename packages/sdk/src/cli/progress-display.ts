import type { WriteStream } from "node:tty";
import { countText, timeText } from "./figures.ts";
import { fitInto, oneLine } from "./printable.ts";
import { targetText } from "./run-text.ts";
import type { Progress } from "./run-watch.ts";

/** Where progress and messages go. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Prints a line that stays. */
  say(line: string): void;
  /** Removes the progress bar. */
  end(): void;
}

/** A progress bar on a terminal, a line at every tenth elsewhere, or nothing. */
export function progressDisplay(stream: WriteStream, isQuiet: boolean): ProgressDisplay {
  if (isQuiet) return { update: () => {}, say: () => {}, end: () => {} };
  return stream.isTTY && stream.columns > 0 ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: WriteStream): ProgressDisplay {
  const erase = "\r\x1b[2K";
  return {
    update(progress) {
      stream.write(`${erase}${barText(progress, stream.columns)}`);
    },
    say(line) {
      stream.write(`${erase}${line}\n`);
    },
    end() {
      stream.write(erase);
    },
  };
}

/** After a longer silence the program would seem to hang. */
const longestSilenceMs = 15_000;

function lineDisplay(stream: WriteStream): ProgressDisplay {
  let tenth = -1;
  let wait: string | null = null;
  let saidAt = 0;
  return {
    update(progress) {
      const reached = Math.floor(share(progress) * 10);
      // The counts show when a wait is over. The same wait may end and begin again while the provider is probed.
      const waits = waitText(progress.waitingFor) ?? wait;
      const now = performance.now();
      if (reached === tenth && waits === wait && now - saidAt < longestSilenceMs) return;
      tenth = reached;
      wait = waits;
      saidAt = now;
      stream.write(`${progressText(progress)}\n`);
    },
    say(line) {
      stream.write(`${line}\n`);
    },
    end() {},
  };
}

/** The width of the bar on a terminal of 80 columns. It shrinks on a narrower one, so that the numbers stay visible. */
const barColumns = 24;

function barText(progress: Progress, columns: number): string {
  const width = Math.min(barColumns, Math.floor((columns * barColumns) / 80));
  const filled = Math.round(share(progress) * width);
  const bar = "█".repeat(filled) + "░".repeat(width - filled);
  // A character in the last column may move the cursor to the next line.
  return fitInto(columns - 1, `${bar} ${progressText(progress)}`);
}

function progressText(progress: Progress): string {
  const { run, evaluated, total, failed } = progress;
  const wait = waitText(progress.waitingFor) ?? (run.status === "PENDING" ? "waiting for a worker" : null);
  return [
    `${evaluated} of ${countText(total, targetText(run))}`,
    ...(failed === 0 ? [] : [`${countText(failed, "score")} failed`]),
    ...(wait === null ? rateTexts(progress) : [wait]),
  ].join(" · ");
}

/** What the run waits for; `null` for nothing. */
function waitText(waitingFor: Progress["waitingFor"]): string | null {
  if (waitingFor === null) return null;
  if (waitingFor === "server") return "the server does not respond";
  const model = oneLine(waitingFor.model);
  const reason = oneLine(waitingFor.reason).replace(/\.$/, "");
  // A terminal has room for the name only once.
  const [, what] = /^The model (.*)/.exec(reason) ?? [];
  return what === undefined ? `waiting for ${model}: ${reason}` : `waiting: ${model} ${what}`;
}

function rateTexts({ ratePerSecond, remainingMs }: Progress): string[] {
  const rate = ratePerSecond >= 10 ? ratePerSecond.toFixed(0) : ratePerSecond.toFixed(1);
  return [
    ...(ratePerSecond > 0 ? [`${rate}/s`] : []),
    ...(remainingMs === null || remainingMs === 0 ? [] : [`${timeText(remainingMs)} left`]),
  ];
}

const share = ({ evaluated, total }: Progress): number => (total === 0 ? 1 : evaluated / total);
