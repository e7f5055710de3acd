import type { RunScript } from "./run-script.ts";

/** A run that is to end FAILED. */
export interface RunFailure {
  readonly message: string;
  /** After so many targets. */
  readonly after: number;
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
