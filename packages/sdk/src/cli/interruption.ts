import { constants } from "node:os";
import { isUnderNohup, onStarterGone } from "./starter.ts";

/** What the signal of an {@link Interruption} is aborted with. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly exitCode: number;

  /** @param by the signal, or what ended that the command depends on. */
  constructor(by: string, signal: NodeJS.Signals) {
    super(`Interrupted by ${by}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** npx passes on a Ctrl-C that the terminal has sent already: one press is two signals, a moment apart. */
const sameOneMs = 400;

export interface Interruption extends Disposable {
  /** Aborted, with an {@link Interrupted}, by the first signal to stop, or by the end of npx or npm. */
  readonly signal: AbortSignal;
}

/** Leaves the first signal to stop to the program; a second one ends it at once. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stop = (by: string, signal: NodeJS.Signals) => {
    firstAt ??= performance.now();
    controller.abort(new Interrupted(by, signal));
  };
  const onSignal = (name: NodeJS.Signals) => {
    if (firstAt !== undefined && performance.now() - firstAt > sameOneMs)
      process.exit(new Interrupted(name, name).exitCode);
    stop(name, name);
  };
  const outlivesTerminal = isUnderNohup();
  // A closed terminal is a SIGHUP, and Ctrl-Break on Windows a SIGBREAK.
  const listeners: readonly (readonly [NodeJS.Signals, (name: NodeJS.Signals) => void])[] = [
    ["SIGINT", onSignal],
    ["SIGTERM", onSignal],
    ["SIGBREAK", onSignal],
    ["SIGHUP", outlivesTerminal ? () => {} : onSignal],
  ];
  for (const [name, listener] of listeners) process.on(name, listener);
  const stopLooking = outlivesTerminal
    ? () => {}
    : onStarterGone((starter) => stop(`the end of ${starter}, which started this`, "SIGTERM"));
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) process.off(name, listener);
      stopLooking();
    },
  };
}
