import type { StopSignals } from "../runs/evaluate/target-job.ts";

/** Why no new judge call of a trial may start. */
export interface TrialStop {
  /** The client has gone. */
  readonly gone: AbortSignal;
  /** The server stops. */
  readonly draining: AbortSignal;
}

/** How long new judge calls may start. */
export const startsForMs = 45_000;
/** How long calls in flight may continue after that, because they are paid for anyway. */
const callsMayTakeMs = 10_000;

/** Aborted after a while too. Call `end` when the trial is over. */
export function trialSignals({ gone, draining }: TrialStop): StopSignals & { end(): void } {
  const late = new AbortController();
  const overdue = new AbortController();
  const stop = AbortSignal.any([gone, draining, late.signal]);
  const timer = setTimeout(() => late.abort(), startsForMs);
  let grace: NodeJS.Timeout | undefined;
  const begin = () => {
    grace = setTimeout(() => overdue.abort(), callsMayTakeMs);
  };
  if (stop.aborted) begin();
  else stop.addEventListener("abort", begin, { once: true });
  return {
    stop,
    abortCalls: overdue.signal,
    end() {
      clearTimeout(timer);
      clearTimeout(grace);
      stop.removeEventListener("abort", begin);
    },
  };
}
