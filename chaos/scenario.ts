import type { Random } from "./random.ts";

/** Something that is broken on purpose, and what must hold nevertheless. */
export interface Scenario {
  /** The name on the command line. */
  readonly name: string;
  /** What happens, in a few words. */
  readonly title: string;
  run(trial: Trial): Promise<void>;
}

/** One performance of a scenario. */
export interface Trial {
  /** Whether to perform the short form, which `npm test -- --nightly` runs. */
  readonly short: boolean;
  readonly random: Random;
  /** Aborted when the trial ends. */
  readonly signal: AbortSignal;
  /** Prints progress. */
  say(progress: string): void;
  /** Records whether something that must hold does, and what was measured. */
  check(what: string, holds: boolean, measured: string | number): void;
  /** Records a measurement without an expectation. */
  report(what: string, measured: string | number): void;
  /** Registers a cleanup for the end of the trial, however it ends. The last one runs first. */
  defer(clear: () => Promise<unknown> | unknown): void;
}
