import { withTimeLimit } from "../../time-limit.ts";
import type { Rules } from "./allocate.ts";
import { type CallSignal, type Changes, mergedChanges, noChanges, withSignal } from "./changes.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Grant, Report } from "./report.ts";

/** A call in flight. */
export interface StartedCall {
  /** Whether it tests if the model is back. */
  readonly isProbe: boolean;
  readonly startedAt: number;
  readonly estimatedTokens: number;
}

/** Calls that wait for this limiter. */
export interface Waiting {
  readonly count: number;
  /** Whether one of them is a question that has not failed yet. */
  readonly hasUntried: boolean;
}

export interface RateLimiterOptions {
  /** `provider/model`, or a provider whose models share limits. */
  readonly key: string;
  readonly processId: string;
  readonly coordinator: Coordinator;
  readonly rules: Rules;
}

/** The pause between two reports of a process that makes calls. */
const reportMs = 1000;
/** The same for a process with a limit per minute, which is granted in small portions. */
const rationedReportMs = 200;
/** How long a report may take. */
const reportTimeoutMs = 5000;

/** The grant for a model without limits while the coordinator cannot be reached. */
const unlimited: Grant = {
  leaseMs: 0,
  calls: null,
  requests: null,
  tokens: null,
  pausedMs: 0,
  isProbe: false,
  answeredMsAgo: null,
  outage: null,
};

/**
 * Decides whether this process may start a call to a model (or to a provider with shared limits). Holds a lease,
 * which the coordinator divides between all processes. Reports every second, and failures at once; each report renews
 * the lease.
 */
export class RateLimiter {
  readonly key: string;
  readonly #options: RateLimiterOptions;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<object, Waiting>();
  #inFlight = 0;
  #changes: Changes = noChanges;
  #grant: Grant | undefined;
  #grantedAt = 0;
  /** The remaining requests and tokens of the grant. */
  #requests = 0;
  #tokens = 0;
  #isProbing = false;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #throttleReportedAt = Number.NEGATIVE_INFINITY;
  #isReporting = false;
  #reportedInFlight = 0;
  /** Whether another report is due at once. */
  #isUrgent = false;
  /** Whether a failure is still unreported, or its report unanswered. No call may start until then. */
  #isUnsettled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RateLimiterOptions) {
    this.key = options.key;
    this.#options = options;
  }

  /** Calls `changed` whenever `canStart` may have changed. */
  subscribe(changed: () => void): void {
    this.#listeners.add(changed);
  }

  setWaiting(queue: object, waiting: Waiting): void {
    const before = this.#demand;
    this.#waiting.set(queue, waiting);
    if (waiting.count === 0 || before > 0) return;
    if (this.canStart) this.#schedule(0);
    else this.#reportIn(0);
  }

  /** Whether a call may start now. */
  get canStart(): boolean {
    const grant = this.#grant;
    if (grant === undefined || this.#isUnsettled || grant.pausedMs > 0) return false;
    if (grant.isProbe) return !this.#isProbing && !this.#isReporting;
    const isBounded = grant.calls !== null || grant.requests !== null || grant.tokens !== null;
    if (isBounded && performance.now() - this.#grantedAt > grant.leaseMs) return false;
    const { calls, requests, tokens } = grant;
    // While a report is in flight, other processes rely on its content.
    const most = this.#isReporting && calls !== null ? Math.min(calls, this.#reportedInFlight) : calls;
    return (
      (most === null || this.#inFlight < most) &&
      (requests === null || this.#requests >= 1) &&
      (tokens === null || this.#tokens > 0)
    );
  }

  /** Whether the next call is the probe. */
  get isProbing(): boolean {
    return this.#grant?.isProbe ?? false;
  }

  /** Whether the model was down for a call of this process, and has answered no process since. */
  get mayBeDown(): boolean {
    return this.#failedAt > this.answeredAt;
  }

  /** The outage that calls have to wait for; `null` if there is none. Times are by `performance.now()`. */
  get outage(): { readonly since: number; readonly until: number; readonly reason: string } | null {
    const { outage, pausedMs = 0 } = this.#grant ?? {};
    if (outage === null || outage === undefined) return null;
    const { sinceMs, reason } = outage;
    return { since: this.#grantedAt - sinceMs, until: this.#grantedAt + pausedMs, reason };
  }

  /** When the model last answered a call of any process, as far as this process knows, by `performance.now()`. */
  get answeredAt(): number {
    const { answeredMsAgo = null } = this.#grant ?? {};
    const elsewhere = answeredMsAgo === null ? Number.NEGATIVE_INFINITY : this.#grantedAt - answeredMsAgo;
    return Math.max(this.#answeredAt, elsewhere);
  }

  /** Starts a call. Requires `canStart`. */
  start(estimatedTokens: number): StartedCall {
    const { isProbing: isProbe } = this;
    if (isProbe) this.#isProbing = true;
    this.#inFlight += 1;
    this.#changes = { ...this.#changes, peak: Math.max(this.#changes.peak, this.#inFlight) };
    this.#requests -= 1;
    this.#tokens -= estimatedTokens;
    return { isProbe, startedAt: performance.now(), estimatedTokens };
  }

  end(call: StartedCall, signal: CallSignal): void {
    const { kind, wasMade, tokens } = signal;
    this.#inFlight -= 1;
    this.#requests += wasMade ? 0 : 1;
    this.#tokens += wasMade ? call.estimatedTokens - (tokens ?? call.estimatedTokens) : call.estimatedTokens;
    this.#changes = withSignal(this.#changes, signal, call.startedAt > this.#throttleReportedAt);
    if (kind === "answered") this.#answeredAt = performance.now();
    if (kind === "unavailable") this.#failedAt = performance.now();
    const isFailure = kind === "unavailable" || kind === "throttled";
    if (call.isProbe) {
      this.#isProbing = false;
      if (kind === "unavailable") this.#changes = { ...this.#changes, probeFailed: true };
    }
    if (isFailure || call.isProbe) this.#isUnsettled = true;
    if (this.#isUnsettled || this.#grant?.outage) this.#reportIn(0);
    else if (this.#demand === 0) this.#reportIn(rationedReportMs);
    if (this.#listeners.size > 1) this.#notify();
  }

  get #demand(): number {
    let demand = this.#inFlight;
    for (const { count } of this.#waiting.values()) demand += count;
    return demand;
  }

  #reportIn(ms: number): void {
    if (ms === 0) this.#isUrgent = true;
    // The report in flight checks `#isUrgent` when it is done.
    if (this.#isReporting) return;
    clearTimeout(this.#timer);
    if (ms === 0) void this.#report();
    else this.#timer = setTimeout(() => void this.#report(), ms);
  }

  async #report(): Promise<void> {
    const { key, processId, coordinator, rules } = this.#options;
    this.#isReporting = true;
    // Calls that end in the same tick go into one report.
    await Promise.resolve();
    const changes = this.#changes;
    this.#changes = { ...noChanges, peak: this.#inFlight };
    this.#isUrgent = false;
    this.#reportedInFlight = this.#inFlight;
    const { probeFailed, ...reported } = changes;
    const unused = { requests: this.#requests, tokens: this.#tokens };
    this.#requests = 0;
    this.#tokens = 0;
    const demand = this.#demand;
    const report: Report = {
      ...reported,
      process: processId,
      demand,
      inFlight: this.#inFlight,
      hasUntried: [...this.#waiting.values()].some(({ hasUntried }) => hasUntried),
      probe: this.#isProbing ? "under way" : probeFailed ? "failed" : "none",
      unused,
    };
    const sentAt = performance.now();
    try {
      const grant = await withTimeLimit(
        { ms: reportTimeoutMs, late: () => new Error("The coordinator did not answer in time.") },
        () => coordinator(key, report, rules),
      );
      // Ignore 429s of calls that started before the last one we reacted to.
      if (changes.throttled?.isNew) this.#throttleReportedAt = performance.now();
      this.#grant = grant;
      this.#grantedAt = sentAt;
      this.#requests += grant.requests ?? 0;
      this.#tokens += grant.tokens ?? 0;
    } catch {
      // The next report includes these changes. Leases expire meanwhile.
      this.#changes = mergedChanges(changes, this.#changes);
      this.#requests += unused.requests;
      this.#tokens += unused.tokens;
      if (rules.limits === null) this.#grant ??= unlimited;
    }
    this.#isReporting = false;
    this.#isUnsettled &&= this.#isUrgent;
    this.#schedule(demand);
    this.#notify();
  }

  /** Notifies a different listener first each time, since the first one may use up the grant. */
  #notify(): void {
    const all = [...this.#listeners];
    const [first] = all;
    if (first !== undefined && this.#listeners.delete(first)) this.#listeners.add(first);
    for (const changed of all) changed();
  }

  #schedule(reportedDemand: number): void {
    if (this.#isUrgent) {
      this.#reportIn(0);
      return;
    }
    if (this.#demand === 0) {
      if (reportedDemand > 0) this.#reportIn(rationedReportMs);
      return;
    }
    const { pausedMs = 0, requests = null, tokens = null } = this.#grant ?? {};
    const pauseMs = requests !== null || tokens !== null ? rationedReportMs : reportMs;
    this.#reportIn(pausedMs > 0 ? Math.min(Math.ceil(pausedMs), pauseMs) : pauseMs);
  }
}
