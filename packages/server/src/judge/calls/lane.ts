import type { CallEnd } from "../limits/news.ts";
import type { Permit, Ticket } from "../limits/permit.ts";
import { type InLine, Line } from "./line.ts";
import { type Held, type Holder, hold, type Place } from "./place.ts";
import { UnusableModelError } from "./unusable-model-error.ts";

export interface LaneOptions {
  /** "The judge openai/gpt-5.4-mini". */
  readonly title: string;
  /** Places for calls in flight. */
  readonly concurrency: number;
  /** That of the model; and that of its provider, where that has limits of its own. */
  readonly permits: readonly [Permit, ...Permit[]];
  readonly patienceMs: number;
}

/** What a failed call tells of the model. */
export type Told = Pick<CallEnd, "outcome" | "reason" | "retryAfterMs">;

/** What is told where the model was not called, or the call was aborted. */
export const untold: Told = { outcome: "untold", reason: "", retryAfterMs: null };

/** A question that needs a place for a call. */
export interface Asker extends InLine, Holder {
  readonly run: string;
  /** When it was asked first. */
  readonly since: number;
  /** About what the call will take. */
  readonly tokens: number;
}

interface Waiting extends InLine {
  readonly asker: Asker;
  readonly enter: (tickets: readonly Ticket[]) => void;
  readonly refuse: (error: Error) => void;
}

/** Runs that were told that the model cannot be used are remembered, as many as may be at work at once. */
const mostRefusedRuns = 10_000;

/**
 * The places for calls to one model in one process. A model that hangs, or is down, so holds up nobody who asks another. Who
 * waits for a place waits for as long as it takes, unless the model is in trouble: then no longer than the patience.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #line = new Line<Waiting>();
  readonly #refused = new Map<string, UnusableModelError>();
  #inFlight = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    for (const permit of options.permits) permit.subscribe(() => this.#admit());
  }

  /** Whether calls would have to wait for the model itself. */
  get isBlocked(): boolean {
    const { trouble } = this.#options.permits[0];
    // Once it is time to find out, somebody has to be there to ask.
    return trouble !== null && trouble.openAt > performance.now();
  }

  /**
   * Does the work of one call once there is a place for it. Its time begins then.
   *
   * @param told what a failed call tells of the model; asked before anybody else gets its place.
   * @throws UnusableModelError where the model has been in trouble for too long, or this run's questions were refused.
   */
  async run<T>(
    work: (place: Place, ticket: Ticket) => Promise<T>,
    asker: Asker,
    told: (error: unknown) => Told,
  ): Promise<T> {
    asker.signal.throwIfAborted();
    this.#passIfUsable(asker.run);
    const tickets = await this.#enter(asker);
    const [ticket = { isProbe: false, begunAt: 0, tokens: 0 }] = tickets;
    let held: Held<T> | undefined;
    let end: Told = { outcome: "answered", reason: "", retryAfterMs: null };
    let hasLeft = false;
    const leave = () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#leave(tickets, end, held);
    };
    try {
      asker.signal.throwIfAborted();
      held = hold((place) => work(place, ticket), asker, leave);
      return await held.result;
    } catch (error) {
      end = told(error);
      throw error;
    } finally {
      leave();
    }
  }

  /** Gives a place to the next one. */
  #leave(tickets: readonly Ticket[], end: Told, held: Held<unknown> | undefined): void {
    this.#inFlight -= 1;
    const { wasMade = false, tokens = null } = held ?? {};
    for (const [i, permit] of this.#options.permits.entries()) {
      const own = tickets[i];
      if (own !== undefined) permit.end(own, { ...(wasMade ? end : untold), wasMade, tokens });
    }
    this.#admit();
  }

  /** Nobody who asks needs to wait any longer: this run, and all who wait for a place. */
  refuse(run: string, error: UnusableModelError): void {
    this.#remember(run, error);
    for (const { asker, refuse } of [...this.#line]) {
      this.#remember(asker.run, error);
      refuse(error);
    }
  }

  #remember(run: string, error: UnusableModelError): void {
    if (run === "") return;
    this.#refused.set(run, error);
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= mostRefusedRuns) break;
      this.#refused.delete(oldest);
    }
  }

  #passIfUsable(run: string): void {
    const error = this.#refused.get(run);
    if (error !== undefined) throw error;
  }

  #enter(asker: Asker): Promise<readonly Ticket[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Ticket[]>();
    const { project, turn, signal } = asker;
    const leave = () => this.#line.remove(waiting);
    const abort = () => waiting.refuse(signal.reason);
    const waiting: Waiting = {
      project,
      turn,
      asker,
      enter: (tickets) => {
        signal.removeEventListener("abort", abort);
        resolve(tickets);
      },
      refuse: (error) => {
        signal.removeEventListener("abort", abort);
        leave();
        reject(error);
        this.#tellWaiting();
      },
    };
    signal.addEventListener("abort", abort, { once: true });
    this.#line.add(waiting);
    this.#admit();
    return promise;
  }

  /** Lets in whoever may begin. */
  #admit(): void {
    const { permits, concurrency } = this.#options;
    this.#tellWaiting();
    while (this.#line.size > 0 && this.#inFlight < concurrency && permits.every(({ isOpen }) => isOpen)) {
      const next = this.#line.take();
      if (next === undefined) break;
      this.#inFlight += 1;
      const { tokens } = next.asker;
      next.enter(permits.map((permit) => permit.begin(tokens)));
      this.#tellWaiting();
    }
    this.#losePatience();
  }

  #tellWaiting(): void {
    for (const permit of this.#options.permits) permit.setWaiting(this, this.#line.size);
  }

  /** Whoever has waited for too long for a model in trouble, or would have to, waits no longer. */
  #losePatience(): void {
    const { permits, patienceMs, title } = this.#options;
    const { trouble } = permits[0];
    if (trouble === null || this.#line.size === 0) return;
    const now = performance.now();
    for (const waiting of [...this.#line]) {
      const since = Math.max(waiting.asker.since, trouble.since);
      if (Math.max(now, trouble.openAt) - since < patienceMs) continue;
      const seconds = (ms: number) => `${Math.max(1, Math.round(ms / 1000))} s`;
      const asks =
        trouble.openAt - now > patienceMs ? `; it asks to wait ${seconds(trouble.openAt - now)}` : "";
      const error = new UnusableModelError(
        `${title} could not be used for ${seconds(now - since)}: it ${trouble.reason}${asks}. Retry the run when it works again; EVAL_PROVIDER_PATIENCE_SECONDS says how long a run waits.`,
      );
      this.#remember(waiting.asker.run, error);
      waiting.refuse(error);
    }
  }
}
