import type { Report } from "./report.ts";

/** What has gone wrong with a model since it answered last. */
export interface Trouble {
  readonly since: number;
  /** What it did last, to continue a sentence about it: "answered 503 Service Unavailable". */
  readonly reason: string;
  /** Calls that failed for it could not be had. */
  readonly failures: number;
  /** Times that it refused calls for there were too many. */
  readonly throttles: number;
  /** How often it was left alone. */
  readonly closings: number;
  /** No call may begin before. */
  readonly closedUntil: number;
  /** Whether it counts as down: then a single call finds out whether it is back. */
  readonly isDown: boolean;
  /** The process that may make that call. */
  readonly probe: { readonly process: string; readonly until: number } | null;
}

/** Failures in a row that make a model count as down. Fewer are for each question's own tries to get over. */
const failuresUntilDown = 5;
/** The longest that a model is left alone, unless it asks for more. */
const longestMs = 30_000;

/** Whether calls have to wait: it is down, or left alone for a while. */
export function blocks({ isDown, closedUntil }: Trouble, now: number): boolean {
  return isDown || closedUntil > now;
}

/** What is wrong with a model after a report; `null` where it has answered, and nothing has gone wrong since. */
export function troubleAfter(
  before: Trouble | null,
  report: Report,
  firstPauseMs: number,
  now: number,
): Trouble | null {
  let trouble = report.answered > 0 ? null : before;
  if (report.failures > 0) trouble = failed(trouble ?? begun(now), report, firstPauseMs, now);
  if (report.throttled !== null) trouble = throttled(trouble ?? begun(now), report, firstPauseMs, now);
  // Its call ended without telling anything.
  if (trouble?.probe?.process === report.process && report.probe === "none") {
    trouble = { ...trouble, probe: null };
  }
  return trouble;
}

/** The same, with this process as the one to find out, if it is time to, and nobody else does. */
export function probed(trouble: Trouble, { process, demand }: Report, leaseMs: number, now: number): Trouble {
  if (!trouble.isDown || trouble.closedUntil > now) return trouble;
  const { probe } = trouble;
  const isFree = probe === null || probe.process === process || probe.until <= now;
  return isFree && demand > 0 ? { ...trouble, probe: { process, until: now + leaseMs } } : trouble;
}

function begun(now: number): Trouble {
  return {
    since: now,
    reason: "",
    failures: 0,
    throttles: 0,
    closings: 0,
    closedUntil: 0,
    isDown: false,
    probe: null,
  };
}

function failed(trouble: Trouble, report: Report, firstPauseMs: number, now: number): Trouble {
  const failures = trouble.failures + report.failures;
  const told = { ...trouble, failures, reason: report.reason };
  if (trouble.isDown) return report.probe === "failed" ? closed(told, firstPauseMs, now) : told;
  return failures >= failuresUntilDown ? { ...closed(told, firstPauseMs, now), isDown: true } : told;
}

function throttled(trouble: Trouble, report: Report, firstPauseMs: number, now: number): Trouble {
  const { isNew = false, retryAfterMs = null } = report.throttled ?? {};
  const throttles = trouble.throttles + (isNew ? 1 : 0);
  const told = { ...trouble, throttles, reason: report.reason };
  // The first time it is enough to call less often; or as long as it says.
  const paused = isNew && throttles > 1 ? closed(told, firstPauseMs, now) : told;
  return { ...paused, closedUntil: Math.max(paused.closedUntil, now + (retryAfterMs ?? 0)) };
}

function closed(trouble: Trouble, firstPauseMs: number, now: number): Trouble {
  const pauseMs = Math.min(longestMs, firstPauseMs * 2 ** trouble.closings);
  return { ...trouble, closings: trouble.closings + 1, closedUntil: now + pauseMs, probe: null };
}
