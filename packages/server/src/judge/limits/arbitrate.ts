import type { ModelLimits } from "../../judge-settings.ts";
import { type Allowance, grown, halved, oneAtATime } from "./allowance.ts";
import { type Bucket, filled } from "./bucket.ts";
import type { Lease, ModelState } from "./model-state.ts";
import type { Grant, Report } from "./report.ts";
import { fairShare } from "./share.ts";
import { blocks, probed, type Trouble, troubleAfter } from "./trouble.ts";

export interface Rules {
  readonly limits: ModelLimits | null;
  /** How long a model that fails is left alone at first, in milliseconds; the pause doubles. */
  readonly firstPauseMs: number;
}

/** After this, a process that has not told of itself holds nothing any more. */
export const leaseMs = 5000;

/** How long to wait for news while another process finds out whether a model is back. */
const probingMs = 250;

/**
 * Takes a process's report of its calls to a model into what all know of it, and says what the process may do now. The
 * leases never add up to more than the limits. Pure: whoever stores the state has it change under a lock.
 */
export function arbitrate(
  before: ModelState,
  report: Report,
  rules: Rules,
  now: number,
): { readonly state: ModelState; readonly grant: Grant } {
  const others = otherLeases(before.leases, report.process, now);
  const mine: Lease = {
    demand: report.demand,
    inFlight: report.inFlight,
    places: null,
    until: now + leaseMs,
  };
  const leases = { ...others, [report.process]: mine };
  const told = troubleAfter(before.trouble, report, rules.firstPauseMs, now);
  const trouble = told && probed(told, report, leaseMs, now);
  const allowance = allowanceAfter(before.allowance, report, leases, trouble, now);
  const total = least(rules.limits?.concurrency ?? null, allowance && Math.floor(allowance.places));
  const places = total === null ? null : placesOf(leases, report, total, now);
  const shareOf = (level: number) => level * demandShare(leases, mine);
  const requests = drawn(before.requests, rules.limits?.requestsPerMinute, report.unused.requests, now, {
    grant: (level) => (level >= 1 ? Math.max(1, Math.floor(shareOf(level))) : 0),
    isWanted: report.demand > report.inFlight,
  });
  const tokens = drawn(before.tokens, rules.limits?.tokensPerMinute, report.unused.tokens, now, {
    grant: (level) => Math.max(0, shareOf(level)),
    isWanted: report.demand > report.inFlight,
  });
  const hasLeft = report.demand === 0 && report.inFlight === 0;
  return {
    state: {
      leases: hasLeft ? others : { ...others, [report.process]: { ...mine, places } },
      requests: requests.bucket,
      tokens: tokens.bucket,
      allowance,
      trouble,
    },
    grant: {
      leaseMs,
      places,
      requests: requests.granted,
      tokens: tokens.granted,
      ...entrance(trouble, report.process, now),
      trouble:
        trouble !== null && blocks(trouble, now)
          ? { sinceMs: Math.max(0, now - trouble.since), reason: trouble.reason }
          : null,
    },
  };
}

function otherLeases(leases: ModelState["leases"], process: string, now: number): Record<string, Lease> {
  return Object.fromEntries(
    Object.entries(leases).filter(([name, { until }]) => name !== process && until > now),
  );
}

function entrance(
  trouble: Trouble | null,
  process: string,
  now: number,
): Pick<Grant, "closedMs" | "isProbe"> {
  const pauseMs = Math.max(0, (trouble?.closedUntil ?? 0) - now);
  if (pauseMs > 0 || !trouble?.isDown) return { closedMs: pauseMs, isProbe: false };
  const isProbe = trouble.probe?.process === process;
  return { closedMs: isProbe ? 0 : probingMs, isProbe };
}

function allowanceAfter(
  before: Allowance | null,
  report: Report,
  leases: ModelState["leases"],
  trouble: Trouble | null,
  now: number,
): Allowance | null {
  const demand = sum(leases, (lease) => lease.demand);
  const after = before && report.answered > 0 ? grown(before, report.answered, demand, now) : before;
  if (!report.throttled?.isNew) return after;
  if (after !== null && (trouble?.throttles ?? 0) > 1) return oneAtATime(after, now);
  const inFlight = sum(leases, (lease) => lease.inFlight) - report.inFlight + report.peak;
  return halved(after, inFlight, now);
}

/** Calls in flight keep their places; what others hold is theirs until they ask again. */
function placesOf(leases: ModelState["leases"], report: Report, total: number, now: number): number {
  const { process, inFlight } = report;
  const others = sum(leases, (lease, name) =>
    name === process ? 0 : Math.max(lease.places ?? 0, lease.inFlight),
  );
  return Math.max(inFlight, Math.min(fairShare(leases, process, total, now), total - others));
}

function demandShare(leases: ModelState["leases"], { demand }: Lease): number {
  return (
    demand /
    Math.max(
      1,
      sum(leases, (lease) => lease.demand),
    )
  );
}

/** Takes what a process is granted out of a bucket, into which it gave back what it had not used. */
function drawn(
  bucket: Bucket | null,
  perMinute: number | null | undefined,
  unused: number,
  now: number,
  { grant, isWanted }: { grant: (level: number) => number; isWanted: boolean },
): { readonly bucket: Bucket | null; readonly granted: number | null } {
  if (perMinute === null || perMinute === undefined) return { bucket: null, granted: null };
  const full = filled(bucket && { ...bucket, level: bucket.level + unused }, perMinute, now);
  const granted = isWanted ? grant(full.level) : 0;
  return { bucket: { ...full, level: full.level - granted }, granted };
}

function sum(leases: ModelState["leases"], count: (lease: Lease, process: string) => number): number {
  return Object.entries(leases).reduce((all, [process, lease]) => all + count(lease, process), 0);
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
