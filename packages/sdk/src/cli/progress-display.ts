import type { WriteStream } from "node:tty";
import type { RunProgress } from "@pandaprobe/sdk";
import { countText, timeText } from "./figures.ts";
import { fitInto } from "./printable.ts";
import { targetText } from "./run-text.ts";

/** Where progress and messages go. */
export interface ProgressDisplay {
  update(progress: RunProgress): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes away what does not stay. */
  end(): void;
}

/** A bar that is drawn anew on a terminal, lines at every tenth where there is none, or nothing. */
export function progressDisplay(stream: WriteStream, isQuiet: boolean): ProgressDisplay {
  if (isQuiet) return { update: () => {}, say: () => {}, end: () => {} };
  return stream.isTTY && stream.columns > 0 ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: WriteStream): ProgressDisplay {
  const erase = "\r\x1b[2K";
  return {
    update(progress) {
      stream.write(`${erase}${barText(progress, stream.columns - 1)}`);
    },
    say(line) {
      stream.write(`${erase}${line}\n`);
    },
    end() {
      stream.write(erase);
    },
  };
}

/** A log that says nothing for long looks like a program that hangs. */
const longestSilenceMs = 15_000;

function lineDisplay(stream: WriteStream): ProgressDisplay {
  let tenth = -1;
  let saidAt = 0;
  return {
    update(progress) {
      const reached = Math.floor(share(progress) * 10);
      const now = performance.now();
      if (reached === tenth && now - saidAt < longestSilenceMs) return;
      tenth = reached;
      saidAt = now;
      stream.write(`${progressText(progress)}\n`);
    },
    say(line) {
      stream.write(`${line}\n`);
    },
    end() {},
  };
}

const barColumns = 24;

function barText(progress: RunProgress, columns: number): string {
  const filled = Math.round(share(progress) * barColumns);
  const bar = "█".repeat(filled) + "░".repeat(barColumns - filled);
  return fitInto(columns, `${bar} ${progressText(progress)}`);
}

function progressText({ run, evaluated, total, failed, ratePerSecond, remainingMs }: RunProgress): string {
  const rate = ratePerSecond >= 10 ? ratePerSecond.toFixed(0) : ratePerSecond.toFixed(1);
  return [
    `${evaluated} of ${countText(total, targetText(run))}`,
    ...(failed === 0 ? [] : [`${countText(failed, "score")} failed`]),
    ...(run.status === "PENDING" ? ["waiting for a worker"] : []),
    ...(ratePerSecond > 0 ? [`${rate}/s`] : []),
    ...(remainingMs === null || remainingMs === 0 ? [] : [`${timeText(remainingMs)} left`]),
  ].join(" · ");
}

const share = ({ evaluated, total }: RunProgress): number => (total === 0 ? 1 : evaluated / total);
