/**
 * The circuit breaker of a model, shared by all processes.
 *
 *             several different questions fail in a row
 *     closed ───────────────────────────────────────────▶ open ◀────────────────┐
 *        ▲                                                 │ pause is over      │ probe fails:
 *        │ a call is answered                              ▼                    │ a longer pause
 *        └───────────────────────────────────────────── half-open ──────────────┘
 *
 * - closed: healthy, calls may start. A model that keeps answering 429 is paused, and its breaker stays closed.
 * - open: no call may start until the pause is over.
 * - half-open: one process makes one call, the probe. A question that has not failed yet goes first.
 */
import type { Report } from "./report.ts";

/** The failures of a model since it last answered. `null` in a `ModelState` while there are none. */
export interface Breaker {
  readonly since: number;
  /** The last failure, completing a sentence about the model: "answered 503 Service Unavailable". */
  readonly reason: string;
  /** Different questions that failed in a row, at most as many as it takes to open the breaker. */
  readonly failed: readonly string[];
  /** Bursts of 429s in a row. */
  readonly throttles: number;
  /** How often the model was paused; each pause is longer. */
  readonly pauses: number;
  /** No call may start before this time. */
  readonly pausedUntil: number;
  /** Whether the breaker is open or half-open. */
  readonly isOpen: boolean;
  /** The process that may make the probe. */
  readonly probe: { readonly process: string; readonly until: number } | null;
}

/** Why and until when questions to a model have to wait. */
export interface ModelWait {
  /** Completes a sentence about the model. */
  readonly reason: string;
  /** When the model is called again; `null` while a probe is in flight. */
  readonly until: Date | null;
}

/** How many different questions must fail in a row to open the breaker. Fewer are left to the retries of each question. */
const failuresToOpen = 5;
/** The longest pause, unless the provider asks for more. */
const longestPauseMs = 30_000;

/** Whether calls have to wait. */
export function isBlocked({ isOpen, pausedUntil }: Breaker, now: number): boolean {
  return isOpen || pausedUntil > now;
}

/** Why calls to a model have to wait; `null` if they may start. `now` is by the clock of the state's times. */
export function waitFor(breaker: Breaker | null, now: number): ModelWait | null {
  if (breaker === null || !isBlocked(breaker, now)) return null;
  const { reason, pausedUntil } = breaker;
  return { reason, until: pausedUntil > now ? new Date(pausedUntil) : null };
}

/** The breaker after a report; `null` if the model has answered and nothing has failed since. */
export function afterReport(
  before: Breaker | null,
  report: Report,
  firstPauseMs: number,
  now: number,
): Breaker | null {
  let breaker = report.answered > 0 ? null : before;
  if (report.failed.length > 0) breaker = afterFailures(breaker ?? fresh(now), report, firstPauseMs, now);
  if (report.throttled !== null) breaker = afterThrottle(breaker ?? fresh(now), report, firstPauseMs, now);
  // Its probe ended without a result, for example because the run was cancelled.
  if (breaker?.probe?.process === report.process && report.probe === "none") {
    breaker = { ...breaker, probe: null };
  }
  return breaker;
}

/**
 * Gives the probe to the reporting process, if one is due and no other process has it.
 *
 * @param othersCanProbe whether another process has a question that has not failed yet.
 */
export function withProbe(
  breaker: Breaker,
  { process, demand, hasUntried }: Report,
  othersCanProbe: boolean,
  leaseMs: number,
  now: number,
): Breaker {
  if (!breaker.isOpen || breaker.pausedUntil > now) return breaker;
  const { probe } = breaker;
  const isFree = probe === null || probe.process === process || probe.until <= now;
  const isBest = hasUntried || !othersCanProbe || probe?.process === process;
  return isFree && isBest && demand > 0 ? { ...breaker, probe: { process, until: now + leaseMs } } : breaker;
}

function fresh(now: number): Breaker {
  return {
    since: now,
    reason: "",
    failed: [],
    throttles: 0,
    pauses: 0,
    pausedUntil: 0,
    isOpen: false,
    probe: null,
  };
}

function afterFailures(breaker: Breaker, report: Report, firstPauseMs: number, now: number): Breaker {
  const failed = [...new Set([...breaker.failed, ...report.failed])].slice(0, failuresToOpen);
  const after = { ...breaker, failed, reason: report.reason };
  if (breaker.isOpen) return report.probe === "failed" ? paused(after, firstPauseMs, now) : after;
  return failed.length >= failuresToOpen ? { ...paused(after, firstPauseMs, now), isOpen: true } : after;
}

function afterThrottle(breaker: Breaker, report: Report, firstPauseMs: number, now: number): Breaker {
  const { isNew = false, retryAfterMs = null } = report.throttled ?? {};
  const throttles = breaker.throttles + (isNew ? 1 : 0);
  const after = { ...breaker, throttles, reason: report.reason };
  // The first time, it is enough to call less often, or to wait as long as the provider asks.
  const next = isNew && throttles > 1 ? paused(after, firstPauseMs, now) : after;
  return { ...next, pausedUntil: Math.max(next.pausedUntil, now + (retryAfterMs ?? 0)) };
}

function paused(breaker: Breaker, firstPauseMs: number, now: number): Breaker {
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** breaker.pauses);
  return { ...breaker, pauses: breaker.pauses + 1, pausedUntil: now + pauseMs, probe: null };
}
