import { constants } from "node:os";

/** What the signal of an {@link Interruption} is aborted with. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** npx hands on a Ctrl-C that the terminal has sent already: one press is two signals, a moment apart. */
const sameOneMs = 400;

export interface Interruption extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM, with an {@link Interrupted}. */
  readonly signal: AbortSignal;
}

/** Leaves the first SIGINT or SIGTERM to the program; a second one ends it at once. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      controller.abort(new Interrupted(name));
    } else if (now - firstAt > sameOneMs) {
      process.exit(new Interrupted(name).exitCode);
    }
  };
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
