import type { EvalRunResponse, RunWait } from "./generated/types.ts";
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
  /** The provider that the run waits for; `null` where it waits for none, or the server does not tell. */
  readonly waitingFor: RunWait | null;
  /** Since the waiting began. */
  readonly elapsedMs: number;
  /** Targets evaluated per second, since the waiting began. */
  readonly ratePerSecond: number;
  /** How long the rest takes at that rate; `null` while there is none. */
  readonly remainingMs: number | null;
}

/**
 * Makes progress of what is seen of one run: `null` where nothing has changed since the last time.
 *
 * @param onMove called where its status or counts have. A run that only says anew what it waits for gets no further.
 */
export function progressMeter(onMove: () => void): (run: EvalRunResponse) => RunProgress | null {
  const startedAt = performance.now();
  let first: { readonly evaluated: number; readonly at: number } | undefined;
  let lastCounts: string;
  let lastState: string;
  return (run) => {
    const { status, evaluated_count: evaluated, total_traces: total, failed_count: failed } = run;
    // A server that is too old does not say.
    const waitingFor = run.waiting_for ?? null;
    const counts = [status, evaluated, total, failed].join();
    const state = counts + JSON.stringify(waitingFor);
    if (state === lastState) return null;
    if (counts !== lastCounts) onMove();
    lastCounts = counts;
    lastState = state;
    const now = performance.now();
    first ??= { evaluated, at: now };
    // Nothing came before the first sight: no rate, and not 0 ÷ 0.
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
