import type { EvalRunResponse } from "./generated/types.ts";
import { hasEnded } from "./has-ended.ts";

/** How far a run has come that is being waited for. */
export interface RunProgress {
  readonly run: EvalRunResponse;
  /** Targets whose every metric has ended. */
  readonly evaluated: number;
  /** Targets in all. */
  readonly total: number;
  /** Target and metric pairs that failed. */
  readonly failed: number;
  /** Since the waiting began. */
  readonly elapsedMs: number;
  /** Targets evaluated per second, since the waiting began. */
  readonly ratePerSecond: number;
  /** How long the rest takes at that rate; `null` while there is none. */
  readonly remainingMs: number | null;
}

/** Tells of a run's progress whenever it changes. */
export class ProgressReport {
  readonly #onProgress: ((progress: RunProgress) => void) | undefined;
  readonly #startedAt = performance.now();
  #first: { readonly evaluated: number; readonly at: number } | undefined;
  #last = "";

  constructor(onProgress: ((progress: RunProgress) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  /** @returns whether something changed since the last time. */
  update(run: EvalRunResponse): boolean {
    const state = JSON.stringify([run.status, run.evaluated_count, run.failed_count, run.total_traces]);
    if (state === this.#last) return false;
    this.#last = state;
    this.#onProgress?.(this.#progress(run));
    return true;
  }

  #progress(run: EvalRunResponse): RunProgress {
    const { evaluated_count: evaluated, total_traces: total, failed_count: failed } = run;
    const now = performance.now();
    this.#first ??= { evaluated, at: now };
    const seconds = (now - this.#first.at) / 1000;
    const ratePerSecond = seconds > 0 ? (evaluated - this.#first.evaluated) / seconds : 0;
    const left = hasEnded(run) ? 0 : total - evaluated;
    return {
      run,
      evaluated,
      total,
      failed,
      elapsedMs: now - this.#startedAt,
      ratePerSecond,
      remainingMs: left === 0 ? 0 : ratePerSecond > 0 ? (left / ratePerSecond) * 1000 : null,
    };
  }
}
