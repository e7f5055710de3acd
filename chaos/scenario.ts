import type { Random } from "./random.ts";

/** Something that is broken on purpose, and what must hold all the same. */
export interface Scenario {
  /** How it is called on the command line. */
  readonly name: string;
  /** What happens in it. */
  readonly title: string;
  run(trial: Trial): Promise<void>;
}

/** One performance of a scenario. */
export interface Trial {
  /** A small form, for the tests. */
  readonly short: boolean;
  readonly random: Random;
  /** Aborted when the trial is to end before its time. */
  readonly signal: AbortSignal;
  /** Says how far it has come. */
  say(progress: string): void;
  /** What must hold: whether it does, and what was measured. */
  check(what: string, holds: boolean, measured: string | number): void;
  /** What is only told. */
  tell(what: string, measured: string | number): void;
  /** What is to be cleared up when it ends, however it does; the last one first. */
  defer(clear: () => Promise<unknown> | unknown): void;
}
