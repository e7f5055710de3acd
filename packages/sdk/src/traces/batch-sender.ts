import { isRateLimitError } from "../errors/api-errors.ts";
import { isRetryable } from "../errors/retryable.ts";
import { BatchPace } from "./batch-pace.ts";
import { type DeliverTraces, refusesAll } from "./deliver-traces.ts";
import type { Drops } from "./drops.ts";
import type { QueuedTrace } from "./queued-trace.ts";
import type { TraceQueue } from "./trace-queue.ts";
import type { DropReason, TraceSenderLimits } from "./trace-sender-options.ts";

/** Below the 64 KiB that browsers still send after the page is closed. */
const longestKeepalive = 60_000;
/** How often a trace fails on its own before others are tried, and again before it is dropped if those were stored. */
const failuresInRow = 5;

/** The callbacks of the queue's owner. */
interface QueueOwner {
  /** Called after a trace left the queue, stored or dropped. */
  onRemove(trace: QueuedTrace): void;
  /** Whether a `flush` is pending; incomplete batches are then sent at once. */
  isFlushing(): boolean;
}

/**
 * Sends the queue in batches, several at once. A batch that fails is retried at half its size, down to single traces,
 * after a pause if the server is down.
 */
export class BatchSender {
  readonly #deliver: DeliverTraces;
  readonly #limits: TraceSenderLimits;
  readonly #queue: TraceQueue;
  readonly #drops: Drops;
  readonly #owner: QueueOwner;
  readonly #pace: BatchPace;
  #abort = new AbortController();
  #sent = 0;
  /** Bytes in flight with `keepalive`. */
  #keptAlive = 0;
  #batchesInFlight = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    deliver: DeliverTraces,
    limits: TraceSenderLimits,
    queue: TraceQueue,
    drops: Drops,
    owner: QueueOwner,
  ) {
    this.#deliver = deliver;
    this.#limits = limits;
    this.#queue = queue;
    this.#drops = drops;
    this.#owner = owner;
    this.#pace = new BatchPace(limits.maxBatch);
  }

  /** How many traces the server stored. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends complete batches now, unless the last request failed, and the remaining traces after `maxWaitMs`. */
  sendSoon(): void {
    if (this.#hasFullBatch() && this.#pace.isSteady) this.sendWaiting(false);
    this.#sendIn(this.#limits.maxWaitMs);
  }

  /** Sends batch after batch, as many at once as the pace allows. @param all whether to send incomplete batches too. */
  sendWaiting(all: boolean): void {
    if (all) this.#clearTimer();
    const { restMs } = this.#pace;
    if (restMs > 0) {
      this.#sendIn(restMs);
      return;
    }
    while (this.#batchesInFlight < this.#pace.concurrency && (all || this.#hasFullBatch())) {
      const batch = this.#queue.take(this.#pace.size, this.#limits.maxBatchBytes);
      if (batch.length === 0) return;
      void this.#send(batch);
    }
  }

  /** In addition to batches in flight, because there may be no time later. */
  sendAsPageGoes(): void {
    const batch = this.#queue.take(this.#pace.size, longestKeepalive - this.#keptAlive);
    if (batch.length > 0) void this.#send(batch);
  }

  /** Aborts requests in flight. Later traces are not affected, because a program that was about to end may continue. */
  abort(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  drop(item: QueuedTrace, reason: DropReason, error?: unknown, isQuiet = false): void {
    if (this.#remove(item)) this.#drops.report(item.traceId, reason, error, isQuiet || item.isQuiet);
  }

  /** Sends waiting traces after this time, unless a timer is already set. */
  #sendIn(milliseconds: number): void {
    if (this.#timer !== undefined || this.#queue.waiting.size === 0) return;
    try {
      this.#timer = setTimeout(() => this.sendWaiting(true), milliseconds);
      // In Node.js, Deno and Bun, timers are objects.
      (this.#timer as { unref?: () => void }).unref?.();
    } catch {
      // Cloudflare Workers have no timers outside of a request: the next `send` or `flush` in a request sends this too.
    }
  }

  #hasFullBatch(): boolean {
    const { size, bytes } = this.#queue.waiting;
    return size >= this.#pace.size || bytes >= this.#limits.maxBatchBytes;
  }

  async #send(batch: readonly QueuedTrace[]): Promise<void> {
    const { round } = this.#pace;
    const { signal } = this.#abort;
    const bytes = batch.reduce((sum, item) => sum + item.bytes, 0);
    const keepalive = this.#keptAlive + bytes <= longestKeepalive;
    const keptAlive = keepalive ? bytes : 0;
    this.#keptAlive += keptAlive;
    this.#batchesInFlight += 1;
    let pauseMs = 0;
    try {
      const json = batch.map((item) => item.json);
      this.#succeed(batch, round, await this.#deliver(json, keepalive, signal));
    } catch (error) {
      this.#queue.release(batch);
      pauseMs = this.#fail(batch, round, error);
    }
    this.#keptAlive -= keptAlive;
    this.#batchesInFlight -= 1;
    this.#goOn(pauseMs);
  }

  #goOn(pauseMs: number): void {
    if (pauseMs > 0) {
      this.#clearTimer();
      this.#sendIn(pauseMs);
    } else if (this.#pace.isSteady || this.#timer === undefined) {
      this.sendWaiting(this.#batchesInFlight === 0 || this.#owner.isFlushing());
      this.#sendIn(this.#limits.maxWaitMs);
    }
  }

  #succeed(batch: readonly QueuedTrace[], round: number, refusals: readonly unknown[]): void {
    this.#pace.succeed(round);
    for (const [index, item] of batch.entries()) {
      if (refusals[index] !== undefined) this.drop(item, "refused", refusals[index]);
      else if (this.#remove(item)) this.#sent += 1;
    }
    this.#queue.release(batch);
  }

  /** @returns how long to pause before the next request, in milliseconds. */
  #fail(batch: readonly QueuedTrace[], round: number, error: unknown): number {
    const isOfAll = refusesAll(error) || isRateLimitError(error);
    const pauseMs = isRetryable(error) ? this.#pace.pauseAfter(round, error) : 0;
    this.#pace.slowDown(round, isOfAll ? this.#limits.maxBatch : Math.ceil(batch.length / 2));
    for (const item of batch) {
      if (!isRetryable(error)) {
        if (isOfAll || batch.length === 1) this.drop(item, "refused", error);
      } else if (!isOfAll && batch.length === 1) {
        this.#failAlone(item, error);
      }
    }
    return pauseMs;
  }

  #failAlone(item: QueuedTrace, error: unknown): void {
    item.failures += 1;
    if (item.failures % failuresInRow !== 0) return;
    if (item.sentBefore !== undefined && item.sentBefore < this.#sent) {
      this.drop(item, "undeliverable", error);
    } else {
      item.sentBefore = this.#sent;
      this.#queue.putLast(item.traceId);
    }
  }

  /** @returns whether it was still queued. */
  #remove(item: QueuedTrace): boolean {
    const wasThere = this.#queue.delete(item);
    if (this.#queue.size === 0) this.#clearTimer();
    if (wasThere) this.#owner.onRemove(item);
    return wasThere;
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
