import { withTimeLimit } from "../../time-limit.ts";
import type { Rules } from "./allocate.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Grant, Report } from "./report.ts";

/** What a call's end says about the model. */
export interface CallSignal {
  /**
   * `answered`: the model took the call, whatever the answer. `throttled`: 429. `unavailable`: it was down. `nothing`: the
   * call was not made or was aborted, or its failure is the question's own.
   */
  readonly kind: "answered" | "throttled" | "unavailable" | "nothing";
  /** The question that failed, for counting different ones. */
  readonly question: string;
  /** What the model did, to continue a sentence about it. */
  readonly reason: string;
  readonly retryAfterMs: number | null;
  /** Whether the model was called at all. */
  readonly wasMade: boolean;
  /** Tokens that the call took; `null` if unknown. */
  readonly tokens: number | null;
}

/** A started call. */
export interface StartedCall {
  /** Whether it is to find out if the model is back. */
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
  /** `provider/model`, or a provider. */
  readonly key: string;
  readonly processId: string;
  readonly coordinator: Coordinator;
  readonly rules: Rules;
}

/** The pause between two reports of a process that makes calls. */
const reportMs = 1000;
/** The same for a process with a limit per minute, which gets it in small portions. */
const rationedReportMs = 200;
/** A report is given up after this long. */
const reportTimeoutMs = 5000;

/** Without a coordinator, a model that has no limits may be called all the same. */
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

/** What has happened since the last report. */
type Changes = Pick<Report, "answered" | "failed" | "throttled" | "reason" | "peak"> & {
  readonly probeFailed: boolean;
};

const noChanges: Changes = {
  answered: 0,
  failed: [],
  throttled: null,
  reason: "",
  peak: 0,
  probeFailed: false,
};

/**
 * What this process may ask of a model (or of a provider with limits), by a lease that all processes share through the
 * coordinator. It reports every second, and failures at once, and each report renews the lease.
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
  /** What is left of the grant. */
  #requests = 0;
  #tokens = 0;
  #isProbing = false;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #throttleReportedAt = Number.NEGATIVE_INFINITY;
  #isReporting = false;
  #reportedInFlight = 0;
  /** Another report is due at once. */
  #isUrgent = false;
  /** A failure has not been reported yet, or its report not been answered: no call may start until then. */
  #isUnsettled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RateLimiterOptions) {
    this.key = options.key;
    this.#options = options;
  }

  /** Calls `changed` whenever it may be allowed to start calls that it was not before, or the other way round. */
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
    // While a report is under way, the others count on what it said.
    const most = this.#isReporting && calls !== null ? Math.min(calls, this.#reportedInFlight) : calls;
    return (
      (most === null || this.#inFlight < most) &&
      (requests === null || this.#requests >= 1) &&
      (tokens === null || this.#tokens > 0)
    );
  }

  /** Whether the next call is to find out if the model is back. */
  get isProbing(): boolean {
    return this.#grant?.isProbe ?? false;
  }

  /** What is wrong with the model, where calls have to wait for it. */
  get outage(): { readonly since: number; readonly until: number; readonly reason: string } | null {
    const { outage, pausedMs = 0 } = this.#grant ?? {};
    if (outage === null || outage === undefined) return null;
    const { sinceMs, reason } = outage;
    return { since: this.#grantedAt - sinceMs, until: this.#grantedAt + pausedMs, reason };
  }

  /** When the model last answered a call of any process, as far as this one knows; by `performance.now()`. */
  get answeredAt(): number {
    const { answeredMsAgo = null } = this.#grant ?? {};
    const elsewhere = answeredMsAgo === null ? Number.NEGATIVE_INFINITY : this.#grantedAt - answeredMsAgo;
    return Math.max(this.#answeredAt, elsewhere);
  }

  /** Starts a call. Only while `canStart`. */
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
    // The report under way checks `#isUrgent` when it is done.
    if (this.#isReporting) return;
    clearTimeout(this.#timer);
    if (ms === 0) void this.#report();
    else this.#timer = setTimeout(() => void this.#report(), ms);
  }

  async #report(): Promise<void> {
    const { key, processId, coordinator, rules } = this.#options;
    this.#isReporting = true;
    // Calls that end in this tick go into one report.
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
      // The next report carries it. Leases expire meanwhile.
      this.#changes = merged(changes, this.#changes);
      this.#requests += unused.requests;
      this.#tokens += unused.tokens;
      if (rules.limits === null) this.#grant ??= unlimited;
    }
    this.#isReporting = false;
    this.#isUnsettled &&= this.#isUrgent;
    this.#schedule(demand);
    this.#notify();
  }

  /** A different listener goes first each time, since the first one may take all there is. */
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

/** @param isNew whether the call started after the last reported 429. */
function withSignal(changes: Changes, signal: CallSignal, isNew: boolean): Changes {
  const { kind, question, reason, retryAfterMs } = signal;
  switch (kind) {
    case "answered":
      return { ...changes, answered: changes.answered + 1, failed: [] };
    case "unavailable":
      return { ...changes, failed: distinct([...changes.failed, question]), reason };
    case "throttled": {
      const before = changes.throttled;
      const longest = Math.max(before?.retryAfterMs ?? 0, retryAfterMs ?? 0);
      return {
        ...changes,
        reason,
        throttled: { isNew: isNew || before?.isNew === true, retryAfterMs: longest },
      };
    }
    case "nothing":
      return changes;
  }
}

/** Changes whose report failed, with those that came after. */
function merged(before: Changes, after: Changes): Changes {
  return {
    answered: before.answered + after.answered,
    failed: after.answered > 0 ? after.failed : distinct([...before.failed, ...after.failed]),
    throttled: after.throttled ?? before.throttled,
    reason: after.reason === "" ? before.reason : after.reason,
    peak: Math.max(before.peak, after.peak),
    probeFailed: before.probeFailed || after.probeFailed,
  };
}

/** A handful is enough to open the breaker. */
const mostReported = 16;

function distinct(questions: readonly string[]): readonly string[] {
  return [...new Set(questions)].slice(-mostReported);
}
