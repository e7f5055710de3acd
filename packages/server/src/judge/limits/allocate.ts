import type { ModelLimits } from "../../config/judge-settings.ts";
import { type AdaptiveLimit, grown, halved, oneAtATime } from "./adaptive-limit.ts";
import { afterReport, type Breaker, isBlocked, withProbe } from "./circuit-breaker.ts";
import type { Lease, ModelState } from "./model-state.ts";
import type { Grant, Report } from "./report.ts";
import { refilled, type TokenBucket } from "./token-bucket.ts";

export interface Rules {
  readonly limits: ModelLimits | null;
  /** The first pause of a failing model, in milliseconds; each further pause is twice as long. */
  readonly firstPauseMs: number;
}

/** The lease of a process that has not reported for this long ends. */
export const leaseMs = 5000;

/** How soon to report again while another process makes the probe, in milliseconds. */
const probingMs = 250;

type Leases = ModelState["leases"];

/**
 * Adds a process's report to the shared state of a model, and grants what the process may do now. All leases together
 * never exceed the limits. Pure; the coordinator calls it under a lock.
 */
export function allocate(
  before: ModelState,
  report: Report,
  rules: Rules,
  now: number,
): { readonly state: ModelState; readonly grant: Grant } {
  const { process, demand, inFlight, hasUntried } = report;
  const others = liveLeases(before.leases, process, now);
  const own: Lease = { demand, inFlight, calls: null, hasUntried, until: now + leaseMs };
  const leases = { ...others, [process]: own };
  const othersCanProbe = Object.values(others).some((lease) => lease.hasUntried);
  const reported = afterReport(before.breaker, report, rules.firstPauseMs, now);
  const breaker = reported && withProbe(reported, report, othersCanProbe, leaseMs, now);
  const adaptive = adapted(before.adaptive, report, leases, breaker, now);
  const limit = min(rules.limits?.concurrency ?? null, adaptive && Math.floor(adaptive.calls));
  const calls = limit === null ? null : callsFor(leases, report, limit, now);
  const share =
    demand /
    Math.max(
      1,
      total(leases, (lease) => lease.demand),
    );
  const isWanted = demand > inFlight;
  const requests = draw(
    before.requests,
    rules.limits?.requestsPerMinute,
    report.unused.requests,
    now,
    (level) => (isWanted && level >= 1 ? Math.max(1, Math.floor(level * share)) : 0),
  );
  const tokens = draw(before.tokens, rules.limits?.tokensPerMinute, report.unused.tokens, now, (level) =>
    isWanted ? Math.max(0, level * share) : 0,
  );
  const answeredAt = report.answered > 0 ? now : before.answeredAt;
  const isIdle = demand === 0 && inFlight === 0;
  return {
    state: {
      leases: isIdle ? others : { ...others, [process]: { ...own, calls } },
      requests: requests.bucket,
      tokens: tokens.bucket,
      adaptive,
      breaker,
      answeredAt,
    },
    grant: {
      leaseMs,
      calls,
      requests: requests.granted,
      tokens: tokens.granted,
      ...pauseOf(breaker, process, now),
      answeredMsAgo: answeredAt === null ? null : Math.max(0, now - answeredAt),
      outage:
        breaker !== null && isBlocked(breaker, now)
          ? { sinceMs: Math.max(0, now - breaker.since), reason: breaker.reason }
          : null,
    },
  };
}

function liveLeases(leases: Leases, process: string, now: number): Record<string, Lease> {
  return Object.fromEntries(
    Object.entries(leases).filter(([name, { until }]) => name !== process && until > now),
  );
}

function pauseOf(breaker: Breaker | null, process: string, now: number): Pick<Grant, "pausedMs" | "isProbe"> {
  const pausedMs = Math.max(0, (breaker?.pausedUntil ?? 0) - now);
  if (pausedMs > 0 || !breaker?.isOpen) return { pausedMs, isProbe: false };
  const isProbe = breaker.probe?.process === process;
  return { pausedMs: isProbe ? 0 : probingMs, isProbe };
}

function adapted(
  before: AdaptiveLimit | null,
  report: Report,
  leases: Leases,
  breaker: Breaker | null,
  now: number,
): AdaptiveLimit | null {
  const demand = total(leases, (lease) => lease.demand);
  const after = before && report.answered > 0 ? grown(before, report.answered, demand, now) : before;
  if (!report.throttled?.isNew) return after;
  if (after !== null && (breaker?.throttles ?? 0) > 1) return oneAtATime(after, now);
  const inFlight = total(leases, (lease) => lease.inFlight) - report.inFlight + report.peak;
  return halved(after, inFlight, now);
}

/** Calls in flight keep their slots, and other processes keep theirs until their next report. */
function callsFor(leases: Leases, report: Report, limit: number, now: number): number {
  const { process, inFlight } = report;
  const held = total(leases, (lease, name) =>
    name === process ? 0 : Math.max(lease.calls ?? 0, lease.inFlight),
  );
  return Math.max(inFlight, Math.min(fairShare(leases, process, limit, now), limit - held));
}

/** How often the remainder of the division moves to other processes, in milliseconds. */
const rotationMs = 5000;

/**
 * How many of `limit` calls a process gets: a whole number in proportion to its demand, at most `limit` over all
 * processes. If there are fewer calls than processes, they take turns.
 */
function fairShare(leases: Leases, process: string, limit: number, now: number): number {
  const demand = total(leases, (lease) => lease.demand);
  // The golden ratio spreads the remainders evenly, whatever the number of processes.
  const phase = (Math.floor(now / rotationMs) * 0.618_033_988_75) % 1;
  const upTo = (part: number) => (demand === 0 ? 0 : Math.floor((limit * part) / demand + phase));
  let before = 0;
  for (const [name, lease] of Object.entries(leases).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === process) return upTo(before + lease.demand) - upTo(before);
    before += lease.demand;
  }
  return 0;
}

/** Returns unused units to a bucket, then draws a process's grant from it. */
function draw(
  bucket: TokenBucket | null,
  perMinute: number | null | undefined,
  unused: number,
  now: number,
  grant: (level: number) => number,
): { readonly bucket: TokenBucket | null; readonly granted: number | null } {
  if (perMinute === null || perMinute === undefined) return { bucket: null, granted: null };
  const full = refilled(bucket && { ...bucket, level: bucket.level + unused }, perMinute, now);
  const granted = grant(full.level);
  return { bucket: { ...full, level: full.level - granted }, granted };
}

function total(leases: Leases, count: (lease: Lease, process: string) => number): number {
  return Object.entries(leases).reduce((sum, [process, lease]) => sum + count(lease, process), 0);
}

function min(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
