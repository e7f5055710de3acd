import type { RunFailure } from "../state/project.ts";

/** Scripts the progress of runs. Settings apply to runs created afterwards. */
export interface RunScript {
  /**
   * How long a run takes per target, in milliseconds of the mock server's clock. Default: 0, so that a run has ended
   * when it is first read. Otherwise it progresses with time: `advance`, fake timers, or the real clock. A read that
   * waits for a change (`Prefer: wait`, as the client's `waitForRun` sends it) gets the next change at once. With
   * `Infinity`, runs never progress by themselves.
   */
  targetMs: number;
  /**
   * Makes the next run end FAILED with this `error_message`.
   *
   * @param after how many targets end before that. Default: 0.
   * @example
   * ```ts
   * pandaProbe.runs.failNext("The judge is down.");
   * ```
   */
  failNext(message: string, after?: number): void;
}

/** The script of the next runs. */
export class RunPlan implements RunScript {
  targetMs = 0;
  #failures: RunFailure[] = [];

  failNext(message: string, after = 0): void {
    this.#failures.push({ message, after });
  }

  /** Takes the failure of the run that is being created, if one is scripted. */
  takeFailure(): RunFailure | undefined {
    return this.#failures.shift();
  }

  reset(): void {
    this.targetMs = 0;
    this.#failures = [];
  }
}
