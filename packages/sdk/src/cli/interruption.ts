import { constants } from "node:os";
import { isUnderNohup, onStarterGone } from "./starter.ts";

/** The reason of the signal of an {@link Interruption}. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly exitCode: number;

  /** @param by the signal, or the process whose end has the same effect. */
  constructor(by: string, signal: NodeJS.Signals) {
    super(`Interrupted by ${by}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** npx forwards a Ctrl-C that the terminal has already sent, so one press gives two signals, a moment apart. */
const sameOneMs = 400;

export interface Interruption extends Disposable {
  /** Aborted, with an {@link Interrupted}, by the first signal to stop, or by the end of npx or npm. */
  readonly signal: AbortSignal;
}

/** Passes the first stop signal to the program; a second one ends the process at once. */
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
  // A closed terminal sends SIGHUP, and Ctrl-Break on Windows SIGBREAK.
  const listeners: readonly (readonly [NodeJS.Signals, (name: NodeJS.Signals) => void])[] = [
    ["SIGINT", onSignal],
    ["SIGTERM", onSignal],
    ["SIGBREAK", onSignal],
    ["SIGHUP", outlivesTerminal ? () => {} : onSignal],
  ];
  for (const [name, listener] of listeners) process.on(name, listener);
  const stopLooking = outlivesTerminal
    ? () => {}
    : onStarterGone((starter) => stop(`the end of ${starter}, which started the command`, "SIGTERM"));
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) process.off(name, listener);
      stopLooking();
    },
  };
}
