import { JudgeError } from "@pandaprobe/contract/rules";
import type { CallSignal } from "../limits/changes.ts";
import type { RateLimiter, StartedCall } from "../limits/rate-limiter.ts";
import { FairQueue, type FairQueueItem } from "./fair-queue.ts";

/**
 * The model will not answer any question for a long time: the key is wrong, there is no credit, the model does not
 * exist or stays down. The whole run fails.
 */
export class UnusableModelError extends JudgeError {}

export interface ModelQueueOptions {
  /** "The judge openai/gpt-5.4-mini". */
  readonly title: string;
  /** The most calls in flight in this process. */
  readonly concurrency: number;
  /** The model's own, then its provider's if the provider has limits. */
  readonly limiters: readonly [RateLimiter, ...RateLimiter[]];
  /** How long a question waits for a model that is down or answers only 429, in milliseconds. */
  readonly maxOutageMs: number;
}

/** A question that waits for a slot. */
export interface SlotRequest extends FairQueueItem {
  readonly run: string;
  /** When the question was first asked, by `performance.now()`. */
  readonly askedAt: number;
  /** How many calls for it found the model unavailable. */
  readonly failures: number;
  readonly estimatedTokens: number;
  /** Aborts the wait. */
  readonly signal: AbortSignal;
}

/** The right to make one call. Released by `release`, or at the end of its `await using` block if no call was made. */
export interface Slot extends AsyncDisposable {
  /** Whether the call tests if a model that was down is back. */
  readonly isProbe: boolean;
  /** Releases the slot with what the call said about the model. Only the first time counts. */
  release(signal: CallSignal): void;
}

const notMade: CallSignal = {
  kind: "nothing",
  question: "",
  reason: "",
  retryAfterMs: null,
  wasMade: false,
  tokens: null,
};

interface Entry extends FairQueueItem {
  readonly request: SlotRequest;
  readonly admit: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many runs rejected because of an unusable model are remembered; more than are ever active at once. */
const mostRejectedRuns = 10_000;

/**
 * The queue of calls to one model in one process, so that a model that hangs or is down delays nothing else.
 *
 *     acquire ──▶ waiting ──▶ in flight ──▶ released
 *                    │   a slot is free, and every limiter lets a call start
 *                    └──▶ rejected: aborted, the model is unusable, or down for longer than `maxOutageMs`
 *
 * A question waits for as long as it takes while the model works.
 */
export class ModelQueue {
  readonly title: string;
  /** Whether the last call that shows if the credentials work was accepted. */
  wasJustAuthorized = false;
  readonly #options: ModelQueueOptions;
  readonly #queue = new FairQueue<Entry>();
  readonly #rejectedRuns = new Map<string, UnusableModelError>();
  #inFlight = 0;

  constructor(options: ModelQueueOptions) {
    this.title = options.title;
    this.#options = options;
    for (const limiter of options.limiters) limiter.subscribe(() => this.#admit());
  }

  /** Whether the model is down or paused, so that calls have to wait. */
  get isBlocked(): boolean {
    const { outage } = this.#model;
    // Not once a probe is due: that takes a question.
    return outage !== null && outage.until > performance.now();
  }

  /** When the model last answered any call, by `performance.now()`. */
  get answeredAt(): number {
    return this.#model.answeredAt;
  }

  /**
   * Waits for a slot.
   *
   * @throws UnusableModelError if the model has been down for too long or this run was rejected; the reason of the
   * signal.
   */
  async acquire(request: SlotRequest): Promise<Slot> {
    request.signal.throwIfAborted();
    const rejection = this.#rejectedRuns.get(request.run);
    if (rejection !== undefined) throw rejection;
    const calls = await this.#wait(request);
    let isReleased = false;
    const release = (signal: CallSignal) => {
      if (isReleased) return;
      isReleased = true;
      this.#release(calls, signal);
    };
    return {
      isProbe: calls[0]?.isProbe ?? false,
      release,
      [Symbol.asyncDispose]: async () => release(notMade),
    };
  }

  /**
   * The model is unusable: rejects all waiting questions, and all later questions of this run and of theirs.
   *
   * @param others the error for other runs. They may belong to other projects, so it must not quote this run's
   * question.
   */
  reject(run: string, error: UnusableModelError, others: UnusableModelError): void {
    this.#rememberRejection(run, error);
    for (const { request, reject } of [...this.#queue]) {
      const reason = request.run === run ? error : others;
      this.#rememberRejection(request.run, reason);
      reject(reason);
    }
  }

  get #model(): RateLimiter {
    return this.#options.limiters[0];
  }

  #wait(request: SlotRequest): Promise<readonly StartedCall[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly StartedCall[]>();
    const { project, order, signal, estimatedTokens } = request;
    const abort = () => entry.reject(signal.reason);
    const entry: Entry = {
      project,
      order,
      request,
      admit: () => {
        signal.removeEventListener("abort", abort);
        resolve(this.#options.limiters.map((limiter) => limiter.start(estimatedTokens)));
      },
      reject: (error) => {
        signal.removeEventListener("abort", abort);
        this.#queue.remove(entry);
        reject(error);
        this.#reportWaiting();
      },
    };
    signal.addEventListener("abort", abort, { once: true });
    this.#queue.add(entry);
    this.#admit();
    return promise;
  }

  #release(calls: readonly StartedCall[], signal: CallSignal): void {
    this.#inFlight -= 1;
    for (const [i, limiter] of this.#options.limiters.entries()) {
      const call = calls[i];
      if (call !== undefined) limiter.end(call, signal);
    }
    this.#admit();
  }

  #admit(): void {
    const { limiters, concurrency } = this.#options;
    this.#reportWaiting();
    while (
      this.#queue.size > 0 &&
      this.#inFlight < concurrency &&
      limiters.every(({ canStart }) => canStart)
    ) {
      // Another failure of the same question says little about the model, and uses up the question's attempts.
      const { isProbing, mayBeDown } = this.#model;
      const entry = this.#queue.take(isProbing || mayBeDown ? failuresOf : undefined);
      if (entry === undefined) break;
      this.#inFlight += 1;
      entry.admit();
      this.#reportWaiting();
    }
    this.#rejectOverdue();
  }

  #reportWaiting(): void {
    const waiting = {
      count: this.#queue.size,
      // Only matters during an outage; searches the whole queue if all questions have failed before.
      hasUntried: this.#model.outage === null || [...this.#queue].some((entry) => failuresOf(entry) === 0),
    };
    for (const limiter of this.#options.limiters) limiter.setWaiting(this, waiting);
  }

  /** Rejects questions that have waited, or would have to wait, too long for a model that is down. */
  #rejectOverdue(): void {
    const { maxOutageMs, title } = this.#options;
    const { outage } = this.#model;
    if (outage === null || this.#queue.size === 0) return;
    const now = performance.now();
    for (const { request, reject } of [...this.#queue]) {
      const since = Math.max(request.askedAt, outage.since);
      if (Math.max(now, outage.until) - since < maxOutageMs) continue;
      const asks =
        outage.until - now > maxOutageMs ? `; it asks to wait ${inSeconds(outage.until - now)}` : "";
      const error = new UnusableModelError(
        `${title} could not be used for ${inSeconds(now - since)}: it ${outage.reason}${asks}. Retry the run when it works again; EVAL_PROVIDER_PATIENCE_SECONDS sets how long a run waits.`,
      );
      this.#rememberRejection(request.run, error);
      reject(error);
    }
  }

  #rememberRejection(run: string, error: UnusableModelError): void {
    if (run === "") return;
    this.#rejectedRuns.set(run, error);
    for (const oldest of this.#rejectedRuns.keys()) {
      if (this.#rejectedRuns.size <= mostRejectedRuns) break;
      this.#rejectedRuns.delete(oldest);
    }
  }
}

/** A duration for messages, at least 1 s. */
export function inSeconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`;
}

function failuresOf({ request }: Entry): number {
  return request.failures;
}
