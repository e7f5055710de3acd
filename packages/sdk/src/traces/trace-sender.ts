import { isRateLimitError } from "../errors/api-errors.ts";
import { isRetryable } from "../errors/retryable.ts";
import { checkedTimeout } from "../options/checked-number.ts";
import { BatchPace } from "./batch-pace.ts";
import { type DeliverTraces, refusesAll } from "./deliver-traces.ts";
import { Drops, type Warnings, warnOfDrops } from "./drops.ts";
import { onExit } from "./on-exit.ts";
import { newUuid, type QueuedTrace, queuedTrace } from "./queued-trace.ts";
import { TraceQueue } from "./trace-queue.ts";
import {
  checkedLimits,
  type DropReason,
  type FlushOptions,
  type SentTrace,
  type TraceSenderLimits,
  type TraceSenderOptions,
  type TraceSenderStats,
} from "./trace-sender-options.ts";

/** Under the 64 KiB that browsers let outlive a page. */
const longestKeepalive = 60_000;
const flushTimeoutMs = 30_000;
const exitTimeoutMs = 5_000;
/** How often a trace fails alone before others are tried, and again before it is dropped if those were stored. */
const failuresInRow = 5;

/**
 * Sends traces in the background, many in one request, without delaying or failing your program.
 *
 * A trace is kept until the server stores or refuses it, even through outages, within limits of memory. A batch that fails
 * is retried at half its size, down to single traces, so that only a trace that cannot be sent is dropped. Whether a trace
 * that fails alone is at fault, or the server is down, shows in whether others are stored. Several batches are sent at once,
 * but never two with the same trace, so that its updates arrive in order. No timer keeps the process alive.
 */
export class TraceSender implements AsyncDisposable {
  /** @internal The URLs that it has sent to. */
  readonly addresses = new Set<string>();
  readonly #deliver: DeliverTraces;
  readonly #limits: TraceSenderLimits;
  readonly #drops: Drops;
  readonly #queue: TraceQueue;
  readonly #pace: BatchPace;
  #abort = new AbortController();
  /** The pending flushes, which wait for what was queued before them. */
  readonly #flushes = new Set<(gone: QueuedTrace) => void>();
  #came = 0;
  #sent = 0;
  /** Bytes in flight with `keepalive`. */
  #keptAlive = 0;
  #batchesInFlight = 0;
  #isClosed = false;
  /** Whether a hook or the logger of a delivery is running. */
  #isAside = false;
  /** How many traces had been sent when the program was about to end, and the rest was given up. */
  #sentAtEnd: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopListening: (() => void) | undefined;

  /** @param warnings receives warnings of drops if there is no `onDrop`. Default: the console. */
  constructor(deliver: DeliverTraces, options: TraceSenderOptions = {}, warnings?: Warnings) {
    this.#deliver = deliver;
    this.#limits = checkedLimits(options);
    this.#drops = new Drops(options.onDrop ?? warnOfDrops(warnings));
    this.#queue = new TraceQueue(this.#limits.maxQueued, this.#limits.maxQueuedBytes);
    this.#pace = new BatchPace(this.#limits.maxBatch);
  }

  /**
   * Queues a trace as it is now, and returns its id. Never throws: a trace that cannot be sent is dropped, counted and
   * reported to `onDrop`. Adds a missing `trace_id` and missing `span_id`s. Takes as long as the `JSON.stringify` of the trace:
   * a `Date` becomes ISO text, `NaN` becomes `null`, and a trace with a cycle or a `bigint` cannot be sent.
   *
   * @example
   * ```ts
   * const traceId = client.traces.send({
   *   name: "answer a question",
   *   started_at: new Date().toISOString(),
   *   input: "What is the capital of France?",
   *   output: "Paris.",
   * });
   * ```
   */
  send(trace: SentTrace): string {
    let traceId: string | undefined;
    let item: QueuedTrace;
    try {
      traceId = trace.trace_id ?? newUuid();
      item = queuedTrace(trace, { traceId, place: this.#came + 1, isQuiet: this.#drops.isReporting });
      this.#checkSize(item.bytes);
    } catch (error) {
      traceId ??= newUuid();
      this.#drops.report(traceId, "unsendable", error);
      return traceId;
    }
    if (this.#isClosed) this.#drops.report(traceId, "closed");
    // To send it, another delivery would be needed, without end.
    else if (this.#isAside) this.#drops.report(traceId, "closed", undefined, true);
    else this.#add(item);
    return traceId;
  }

  /**
   * Sends at once, unless the server asked for a pause (`Retry-After`). Resolves with `true` when everything queued so far has
   * been sent or dropped, or with `false` after `timeoutMs`; sending then goes on.
   *
   * @throws TypeError for an invalid `timeoutMs`.
   * @example
   * ```ts
   * const isDone = await client.traces.flush({ timeoutMs: 5_000 });
   * ```
   */
  async flush(options: FlushOptions = {}): Promise<boolean> {
    const timeoutMs = checkedTimeout(options, "timeoutMs", flushTimeoutMs);
    const last = this.#came;
    let left = this.#queue.size;
    if (left === 0) return true;
    return new Promise((resolve) => {
      const end = (isDone: boolean) => {
        clearTimeout(timer);
        this.#flushes.delete(count);
        resolve(isDone);
      };
      const count = ({ place }: QueuedTrace) => {
        if (place <= last) left -= 1;
        if (left === 0) end(true);
      };
      const timer = setTimeout(end, timeoutMs, false);
      this.#flushes.add(count);
      this.#sendWaiting(true);
    });
  }

  /**
   * Flushes, then drops what is left, and every trace sent afterwards.
   *
   * @returns whether everything was sent or refused in time.
   * @throws TypeError for an invalid `timeoutMs`.
   * @example
   * ```ts
   * const isDone = await client.traces.close({ timeoutMs: 5_000 });
   * ```
   */
  async close(options?: FlushOptions): Promise<boolean> {
    this.#isClosed = true;
    const isDone = await this.flush(options);
    this.#giveUp();
    return isDone;
  }

  /** Closes the sender. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The numbers of traces queued, sent and dropped so far. */
  stats(): TraceSenderStats {
    const { size: queued, bytes: queuedBytes } = this.#queue;
    return { queued, queuedBytes, sent: this.#sent, dropped: this.#drops.count };
  }

  /** @internal Runs a hook or the logger of a delivery. Traces that it sends are dropped, and only counted. */
  aside<T>(callback: () => T): T {
    this.#isAside = true;
    try {
      return callback();
    } finally {
      this.#isAside = false;
    }
  }

  #checkSize(bytes: number): void {
    for (const name of ["maxTraceBytes", "maxQueuedBytes"] as const) {
      if (bytes > this.#limits[name]) throw new RangeError(`${bytes} bytes are more than ${name}`);
    }
  }

  #add(item: QueuedTrace): void {
    // A trace that `onDrop` sends must not displace another one, which would be reported to it, and so on.
    if (item.isQuiet && !this.#queue.hasRoomFor(item)) {
      this.#drops.report(item.traceId, "full", undefined, true);
      return;
    }
    this.#came = item.place;
    this.#queue.add(item);
    for (let surplus = this.#queue.surplus(); surplus !== undefined; surplus = this.#queue.surplus()) {
      this.#drop(surplus, "full");
    }
    if (this.#queue.size === 0) return;
    this.#stopListening ??= onExit({
      ends: () => void this.#leave(),
      isOver: () => this.#dropAll(),
      hides: () => this.#sendAsPageGoes(),
    });
    if (this.#hasFullBatch() && this.#pace.isSteady) this.#sendWaiting(false);
    this.#sendIn(this.#limits.maxWaitMs);
  }

  /** The program has nothing else to do: it waits a few seconds for its traces. */
  async #leave(): Promise<void> {
    await this.flush({ timeoutMs: exitTimeoutMs });
    // If every drop were reported, an `onDrop` that sends another trace later would keep the program from ending.
    this.#giveUp(this.#sentAtEnd === this.#sent);
    this.#sentAtEnd = this.#sent;
  }

  /** Sends what waits after this time, unless a timer is set already. */
  #sendIn(milliseconds: number): void {
    if (this.#timer !== undefined || this.#queue.waiting.size === 0) return;
    try {
      this.#timer = setTimeout(() => this.#sendWaiting(true), milliseconds);
      // In Node.js, Deno and Bun, where a timer is an object.
      (this.#timer as { unref?: () => void }).unref?.();
    } catch {
      // Cloudflare Workers have no timers outside of a request: the next `send` or `flush` in a request sends this too.
    }
  }

  #hasFullBatch(): boolean {
    const { size, bytes } = this.#queue.waiting;
    return size >= this.#pace.size || bytes >= this.#limits.maxBatchBytes;
  }

  /** Sends batch after batch, as many at once as the pace allows. @param all whether to send incomplete batches too. */
  #sendWaiting(all: boolean): void {
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

  /** In addition to what is in flight, since there may be no time later. */
  #sendAsPageGoes(): void {
    const batch = this.#queue.take(this.#pace.size, longestKeepalive - this.#keptAlive);
    if (batch.length > 0) void this.#send(batch);
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
      this.#sendWaiting(this.#batchesInFlight === 0 || this.#flushes.size > 0);
      this.#sendIn(this.#limits.maxWaitMs);
    }
  }

  #succeed(batch: readonly QueuedTrace[], round: number, refusals: readonly unknown[]): void {
    this.#pace.succeed(round);
    for (const [index, item] of batch.entries()) {
      if (refusals[index] !== undefined) this.#drop(item, "refused", refusals[index]);
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
        if (isOfAll || batch.length === 1) this.#drop(item, "refused", error);
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
      this.#drop(item, "undeliverable", error);
    } else {
      item.sentBefore = this.#sent;
      this.#queue.putLast(item.traceId);
    }
  }

  #giveUp(isQuiet = false): void {
    this.#abort.abort();
    // A program that was about to end may yet go on.
    this.#abort = new AbortController();
    this.#dropAll(isQuiet);
  }

  #dropAll(isQuiet = false): void {
    for (const item of this.#queue) this.#drop(item, "closed", undefined, isQuiet);
  }

  #drop(item: QueuedTrace, reason: DropReason, error?: unknown, isQuiet = false): void {
    if (this.#remove(item)) this.#drops.report(item.traceId, reason, error, isQuiet || item.isQuiet);
  }

  /** @returns whether it was still there. */
  #remove(item: QueuedTrace): boolean {
    const wasThere = this.#queue.delete(item);
    if (this.#queue.size === 0) {
      this.#clearTimer();
      this.#stopListening?.();
      this.#stopListening = undefined;
    }
    if (wasThere) for (const count of this.#flushes) count(item);
    return wasThere;
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
