import type { RunFailure } from "../state/project.ts";

/** How runs go on. What is set counts for runs that are made afterwards. */
export interface RunScript {
  /**
   * How long a run takes for each of its targets, in milliseconds of the double's time. Default: 0, a run has ended when
   * it is first looked at after its creation. With more it goes on as time does (`advance`, fake timers, the clock on the
   * wall); a look that may wait for news (`Prefer: wait`, as the client's `waitForRun` sends it) gets the next one at
   * once. `Infinity` makes runs that never go on by themselves.
   */
  targetMs: number;
  /**
   * The next run that is made ends FAILED, with this `error_message`.
   *
   * @param after so many of its targets have ended. Default: none.
   * @example
   * ```ts
   * pandaProbe.runs.failNext("The judge is gone.");
   * ```
   */
  failNext(message: string, after?: number): void;
}

/** How the runs to come are to go on. */
export class RunPlan implements RunScript {
  targetMs = 0;
  #failures: RunFailure[] = [];

  failNext(message: string, after = 0): void {
    this.#failures.push({ message, after });
  }

  /** What the run that is being made is to fail of. */
  takeFailure(): RunFailure | undefined {
    return this.#failures.shift();
  }

  reset(): void {
    this.targetMs = 0;
    this.#failures = [];
  }
}
