import { setTimeout as sleep } from "node:timers/promises";
import type { Rules } from "./arbitrate.ts";
import type { Exchange } from "./exchange.ts";
import { type CallEnd, joined, type News, noNews, withCall } from "./news.ts";
import type { Grant } from "./report.ts";

/** A call that a permit let begin. */
export interface Ticket {
  readonly isProbe: boolean;
  readonly begunAt: number;
  /** What it was thought to take. */
  readonly tokens: number;
}

export interface PermitOptions {
  /** `provider/model`, or a provider. */
  readonly key: string;
  readonly processId: string;
  readonly exchange: Exchange;
  readonly rules: Rules;
}

/** The pause between two reports of a process that makes calls. */
const reportMs = 1000;
/** The same for one that waits for its part of what comes in a minute. */
const shortReportMs = 200;
/** A report that nobody takes any longer than this is given up. */
const exchangeTimeoutMs = 5000;

/** Where nobody can be asked, what has no limits may go on. */
const unlimited: Grant = {
  leaseMs: 0,
  places: null,
  requests: null,
  tokens: null,
  closedMs: 0,
  isProbe: false,
  trouble: null,
};

/**
 * What a process may ask of a model (or of a provider with limits), as agreed with all others: it tells of its calls every
 * second, and at once of what goes wrong, and hears what it may do until the next time.
 */
export class Permit {
  readonly key: string;
  readonly #options: PermitOptions;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<object, number>();
  #inFlight = 0;
  #news: News = noNews;
  #grant: Grant | undefined;
  #grantedAt = 0;
  /** Of the grant, what is left. */
  #requests = 0;
  #tokens = 0;
  #isProbing = false;
  #throttleToldAt = Number.NEGATIVE_INFINITY;
  #isTelling = false;
  #toldInFlight = 0;
  /** Something is to be told at once. */
  #isUrgent = false;
  /** What went wrong has not been told yet, or is not answered: what may be done after it is not known. */
  #isUnsettled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PermitOptions) {
    this.key = options.key;
    this.#options = options;
  }

  /** Calls `changed` whenever calls may begin that might not before, or cannot any more. */
  subscribe(changed: () => void): void {
    this.#listeners.add(changed);
  }

  /** Says how many calls somebody would begin, if they might. */
  setWaiting(who: object, count: number): void {
    const before = this.#demand;
    this.#waiting.set(who, count);
    if (count === 0 || before > 0) return;
    if (this.isOpen) this.#schedule(0);
    else this.#tellSoon(0);
  }

  /** Whether a call may begin now. */
  get isOpen(): boolean {
    const grant = this.#grant;
    if (grant === undefined || this.#isUnsettled || grant.closedMs > 0) return false;
    if (grant.isProbe) return !this.#isProbing && !this.#isTelling;
    const isBounded = grant.places !== null || grant.requests !== null || grant.tokens !== null;
    if (isBounded && performance.now() - this.#grantedAt > grant.leaseMs) return false;
    const { places, requests, tokens } = grant;
    // What was told is what the others reckon with.
    const most = this.#isTelling && places !== null ? Math.min(places, this.#toldInFlight) : places;
    return (
      (most === null || this.#inFlight < most) &&
      (requests === null || this.#requests >= 1) &&
      (tokens === null || this.#tokens > 0)
    );
  }

  /** What is wrong with the model, where calls have to wait for it. */
  get trouble(): { readonly since: number; readonly openAt: number; readonly reason: string } | null {
    const { trouble, closedMs = 0 } = this.#grant ?? {};
    if (trouble === null || trouble === undefined) return null;
    const { sinceMs, reason } = trouble;
    return { since: this.#grantedAt - sinceMs, openAt: this.#grantedAt + closedMs, reason };
  }

  /** Begins a call. Only while it is open. */
  begin(tokens: number): Ticket {
    const isProbe = this.#grant?.isProbe ?? false;
    if (isProbe) this.#isProbing = true;
    this.#inFlight += 1;
    this.#news = { ...this.#news, peak: Math.max(this.#news.peak, this.#inFlight) };
    this.#requests -= 1;
    this.#tokens -= tokens;
    return { isProbe, begunAt: performance.now(), tokens };
  }

  end(ticket: Ticket, ended: CallEnd): void {
    this.#inFlight -= 1;
    this.#requests += ended.wasMade ? 0 : 1;
    this.#tokens += ended.wasMade ? ticket.tokens - (ended.tokens ?? ticket.tokens) : ticket.tokens;
    this.#news = withCall(this.#news, ended, ticket.begunAt > this.#throttleToldAt);
    if (ticket.isProbe) {
      this.#isProbing = false;
      if (ended.outcome === "down") this.#news = { ...this.#news, probeFailed: true };
    }
    const wentWrong = ended.outcome === "down" || ended.outcome === "throttled";
    if (wentWrong || ticket.isProbe) this.#isUnsettled = true;
    if (this.#isUnsettled || this.#grant?.trouble) this.#tellSoon(0);
    else if (this.#demand === 0) this.#tellSoon(shortReportMs);
    if (this.#listeners.size > 1) this.#tellListeners();
  }

  get #demand(): number {
    let demand = this.#inFlight;
    for (const count of this.#waiting.values()) demand += count;
    return demand;
  }

  #tellSoon(ms: number): void {
    if (ms === 0) this.#isUrgent = true;
    // Whoever tells now looks again when it has.
    if (this.#isTelling) return;
    clearTimeout(this.#timer);
    if (ms === 0) void this.#tell();
    else this.#timer = setTimeout(() => void this.#tell(), ms);
  }

  async #tell(): Promise<void> {
    const { key, processId, exchange, rules } = this.#options;
    this.#isTelling = true;
    // What came together is told together.
    await Promise.resolve();
    const told = this.#news;
    this.#news = { ...noNews, peak: this.#inFlight };
    this.#isUrgent = false;
    this.#toldInFlight = this.#inFlight;
    const { peak, answered, failures, throttled, reason, probeFailed } = told;
    const probe = this.#isProbing ? "under way" : probeFailed ? "failed" : "none";
    const unused = { requests: this.#requests, tokens: this.#tokens };
    this.#requests = 0;
    this.#tokens = 0;
    const demand = this.#demand;
    const inFlight = this.#inFlight;
    const report = { process: processId, demand, inFlight, peak, answered, failures, throttled, reason };
    const askedAt = performance.now();
    try {
      const grant = await within(exchange(key, { ...report, probe, unused }, rules));
      // Not by an echo: of calls that end one after the other each would then be one of the last.
      if (throttled?.isNew) this.#throttleToldAt = performance.now();
      this.#take(grant, askedAt);
    } catch {
      // Who cannot be reached now is told next time. Leases run out meanwhile.
      this.#news = joined(told, this.#news);
      this.#requests += unused.requests;
      this.#tokens += unused.tokens;
      if (rules.limits === null) this.#grant ??= unlimited;
    }
    this.#isTelling = false;
    this.#isUnsettled &&= this.#isUrgent;
    this.#schedule(demand);
    this.#tellListeners();
  }

  /** Each time another one first, as the first may take all that there is. */
  #tellListeners(): void {
    const all = [...this.#listeners];
    const [first] = all;
    if (first !== undefined && this.#listeners.delete(first)) this.#listeners.add(first);
    for (const changed of all) changed();
  }

  #take(grant: Grant, askedAt: number): void {
    this.#grant = grant;
    this.#grantedAt = askedAt;
    this.#requests += grant.requests ?? 0;
    this.#tokens += grant.tokens ?? 0;
  }

  /** Looks when to tell again. */
  #schedule(told: number): void {
    if (this.#isUrgent) {
      this.#tellSoon(0);
      return;
    }
    if (this.#demand === 0) {
      if (told > 0) this.#tellSoon(shortReportMs);
      return;
    }
    const { closedMs = 0, requests = null, tokens = null } = this.#grant ?? {};
    const isRationed = requests !== null || tokens !== null;
    const pauseMs = isRationed ? shortReportMs : reportMs;
    this.#tellSoon(closedMs > 0 ? Math.min(Math.ceil(closedMs), pauseMs) : pauseMs);
  }
}

async function within(answer: Promise<Grant>): Promise<Grant> {
  const timer = new AbortController();
  const late = sleep(exchangeTimeoutMs, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error("Nobody answered in time.")),
    () => Promise.reject(new Error("It was answered.")),
  );
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
