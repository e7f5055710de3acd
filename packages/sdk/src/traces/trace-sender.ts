import { isRateLimitError } from "../errors/api-errors.ts";
import { isRetryable } from "../errors/retryable.ts";
import { checkedTimeout } from "../options/checked-number.ts";
import { BatchPace } from "./batch-pace.ts";
import { checkedLimits, type TraceSenderLimits } from "./checked-limits.ts";
import { concernsAll } from "./concerns-all.ts";
import type { DeliverTraces } from "./deliver-traces.ts";
import { Drops } from "./drops.ts";
import { newUuid } from "./new-uuid.ts";
import { onExit } from "./on-exit.ts";
import { type QueuedTrace, queuedTrace } from "./queued-trace.ts";
import { TraceQueue } from "./trace-queue.ts";
import type {
  DropReason,
  FlushOptions,
  SentTrace,
  TraceSenderOptions,
  TraceSenderStats,
} from "./trace-sender-options.ts";
import { type Warnings, warnOfDrops } from "./warn-of-drops.ts";

/** Under the 64 KiB that browsers let outlive a page. */
const longestKeepalive = 60_000;
const flushTimeoutMs = 30_000;
const exitTimeoutMs = 5_000;
/** So often a trace fails by itself before others are tried, and again before it is dropped if those got through. */
const failuresInRow = 5;

/**
 * Sends traces in the background, many in one request, without ever holding up or failing the program that made them.
 *
 * A trace is kept until the server takes or refuses it, through outages too, within bounds of memory. A batch that fails
 * is tried again at half its size, down to single traces: what cannot be sent is found and dropped by itself. Whether a
 * trace that fails by itself is at fault, or nothing gets through, the others tell. Several batches go at once, but never
 * two with the same trace: what is sent twice of it arrives in that order. No timer of its own keeps the process alive.
 */
export class TraceSender implements AsyncDisposable {
  /** @internal The addresses that it has sent to. */
  readonly addresses = new Set<string>();
  readonly #deliver: DeliverTraces;
  readonly #limits: TraceSenderLimits;
  readonly #drops: Drops;
  readonly #queue: TraceQueue;
  readonly #pace: BatchPace;
  #abort = new AbortController();
  /** Each waits for what was queued before it. */
  readonly #flushes = new Set<(gone: QueuedTrace) => void>();
  #came = 0;
  #sent = 0;
  /** Bytes in flight with `keepalive`. */
  #keptAlive = 0;
  #batchesInFlight = 0;
  #isClosed = false;
  /** Whether a hook or the logger of a delivery is running. */
  #isAside = false;
  /** How many traces had been sent when the program ended and the wait for the rest was given up. */
  #sentAtEnd: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopListening: (() => void) | undefined;

  /** @param warnings where drops are warned of, without `onDrop`. Default: the console. */
  constructor(deliver: DeliverTraces, options: TraceSenderOptions = {}, warnings?: Warnings) {
    this.#deliver = deliver;
    this.#limits = checkedLimits(options);
    this.#drops = new Drops(options.onDrop ?? warnOfDrops(warnings));
    this.#queue = new TraceQueue(this.#limits.maxQueued, this.#limits.maxQueuedBytes);
    this.#pace = new BatchPace(this.#limits.maxBatch);
  }

  /**
   * Queues a trace as it is now, and returns its id. It does not throw: what cannot be sent is dropped, counted and told
   * to `onDrop`. `trace_id` and `span_id`s that are missing are made here. It takes the time of a `JSON.stringify`,
   * which makes what is sent: a `Date` becomes its ISO text, `NaN` becomes `null`, and a cycle or a `bigint` is no JSON.
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
      item = queuedTrace(trace, { traceId, place: this.#came + 1, isQuiet: this.#drops.isTelling });
      this.#checkSize(item.bytes);
    } catch (error) {
      traceId ??= newUuid();
      this.#drops.tell(traceId, "unsendable", error);
      return traceId;
    }
    if (this.#isClosed) this.#drops.tell(traceId, "closed");
    // It would need a delivery that makes another one, without end.
    else if (this.#isAside) this.#drops.tell(traceId, "closed", undefined, true);
    else this.#add(item);
    return traceId;
  }

  /**
   * Sends at once, unless the server asked for a pause (`Retry-After`), and resolves when everything queued so far has
   * been sent or dropped; with `false` where that takes longer than `timeoutMs`, and the sending goes on.
   *
   * @throws TypeError for a `timeoutMs` that is none, and nothing else.
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
   * Flushes, then drops what is left, and whatever is still given to `send`.
   *
   * @returns whether nothing was left.
   * @throws as `flush`.
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

  /** The same as `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What became of the traces so far. */
  stats(): TraceSenderStats {
    const { size: queued, bytes: queuedBytes } = this.#queue;
    return { queued, queuedBytes, sent: this.#sent, dropped: this.#drops.count };
  }

  /** @internal Runs a hook or the logger of a delivery. What that sends is dropped, and only counted. */
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
    // What `onDrop` sends must not make another one go, of which it would be told, and so on.
    if (item.isQuiet && !this.#queue.hasRoomFor(item)) {
      this.#drops.tell(item.traceId, "full", undefined, true);
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

  /** The program has nothing else to do: it waits a little for its traces, and no longer. */
  async #leave(): Promise<void> {
    await this.flush({ timeoutMs: exitTimeoutMs });
    // Told of every drop, an `onDrop` that sends once more, later, would keep the program from ever ending.
    this.#giveUp(this.#sentAtEnd === this.#sent);
    this.#sentAtEnd = this.#sent;
  }

  /** Sends what waits, after so long, unless that is to happen already. */
  #sendIn(milliseconds: number): void {
    if (this.#timer !== undefined || this.#queue.waiting.size === 0) return;
    try {
      this.#timer = setTimeout(() => this.#sendWaiting(true), milliseconds);
      // Of Node.js and its kind, where a timer is an object.
      (this.#timer as { unref?: () => void }).unref?.();
    } catch {
      // Cloudflare Workers have no timers outside of a request: the next `send` or `flush` in one sends this too.
    }
  }

  #hasFullBatch(): boolean {
    const { size, bytes } = this.#queue.waiting;
    return size >= this.#pace.size || bytes >= this.#limits.maxBatchBytes;
  }

  /** Sends batch after batch, as many at once as the pace allows. @param all whether to send what is less than a batch. */
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

  /** Beside what is in flight, since there may be no time afterwards. */
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

  /** @returns how long to wait before the next try, in milliseconds. */
  #fail(batch: readonly QueuedTrace[], round: number, error: unknown): number {
    const isOfAll = concernsAll(error) || isRateLimitError(error);
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
    if (this.#remove(item)) this.#drops.tell(item.traceId, reason, error, isQuiet || item.isQuiet);
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
