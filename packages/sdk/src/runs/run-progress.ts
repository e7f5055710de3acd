import type { EvalRunResponse, RunWait } from "../generated/types.ts";

/** The progress of a run that you wait for or watch. */
export interface RunProgress {
  readonly run: EvalRunResponse;
  /** Targets whose items have all ended. */
  readonly evaluated: number;
  /** Targets in all. */
  readonly total: number;
  /** Evaluation items (a target and a metric) that failed. */
  readonly failed: number;
  /** The model that the run waits for; `null` if it waits for none, or the server is too old to say. */
  readonly waitingFor: RunWait | null;
  /** Milliseconds since you began to wait. */
  readonly elapsedMs: number;
  /** Targets evaluated per second since you began to wait. */
  readonly ratePerSecond: number;
  /** Milliseconds until the run ends at that rate; `null` while the rate is 0. */
  readonly remainingMs: number | null;
}

/** Whether a run has ended. A status that this version does not know does not count as ended. */
export function hasEnded(run: EvalRunResponse): boolean {
  return run.status === "COMPLETED" || run.status === "FAILED";
}

/**
 * Returns a function that turns each state of a run into its progress, or into `null` if nothing has changed.
 *
 * @param onMove called when the status or a count has changed. A change of `waiting_for` alone does not count.
 */
export function progressMeter(onMove: () => void): (run: EvalRunResponse) => RunProgress | null {
  const startedAt = performance.now();
  let first: { readonly evaluated: number; readonly at: number } | undefined;
  let lastCounts: string;
  let lastState: string;
  return (run) => {
    const { status, evaluated_count: evaluated, total_traces: total, failed_count: failed } = run;
    // Older servers do not send it.
    const waitingFor = run.waiting_for ?? null;
    const counts = [status, evaluated, total, failed].join();
    const state = counts + JSON.stringify(waitingFor);
    if (state === lastState) return null;
    if (counts !== lastCounts) onMove();
    lastCounts = counts;
    lastState = state;
    const now = performance.now();
    first ??= { evaluated, at: now };
    // At first no time has passed: the rate is 0, not 0 ÷ 0.
    const ratePerSecond = ((evaluated - first.evaluated) / (now - first.at || 1)) * 1000;
    const left = hasEnded(run) ? 0 : total - evaluated;
    return {
      run,
      evaluated,
      total,
      failed,
      waitingFor,
      elapsedMs: now - startedAt,
      ratePerSecond,
      remainingMs: left === 0 ? 0 : ratePerSecond > 0 ? (left / ratePerSecond) * 1000 : null,
    };
  };
}
