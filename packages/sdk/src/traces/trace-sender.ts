import { checkedTimeout } from "../checked-number.ts";
import { mayPass } from "../errors/may-pass.ts";
import { isRateLimitError } from "../errors/rate-limit-error.ts";
import { BatchPace } from "./batch-pace.ts";
import { checkedLimits, type TraceSenderLimits } from "./checked-limits.ts";
import { concernsAll } from "./concerns-all.ts";
import type { DeliverTraces } from "./deliver-traces.ts";
import { newUuid } from "./new-uuid.ts";
import { onExit } from "./on-exit.ts";
import { type QueuedTrace, queuedTrace } from "./queued-trace.ts";
import { TraceQueue } from "./trace-queue.ts";
import type {
  DroppedTrace,
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
 * trace that fails by itself is at fault, or nothing gets through, the others tell. One batch goes at a time, so that what is sent twice of one trace
 * arrives in that order. No timer of its own keeps the process alive.
 */
export class TraceSender implements AsyncDisposable {
  readonly #deliver: DeliverTraces;
  readonly #limits: TraceSenderLimits;
  readonly #onDrop: (dropped: DroppedTrace) => unknown;
  readonly #queue: TraceQueue;
  readonly #pace: BatchPace;
  #abort = new AbortController();
  /** Each waits for what was queued before it. */
  readonly #flushes = new Set<(gone: QueuedTrace) => void>();
  #came = 0;
  #sent = 0;
  #dropped = 0;
  /** Bytes under way with `keepalive`. */
  #keptAlive = 0;
  #isSending = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopListening: (() => void) | undefined;

  /** @param warnings where drops are warned of, without `onDrop`. Default: the console. */
  constructor(deliver: DeliverTraces, options: TraceSenderOptions = {}, warnings?: Warnings) {
    this.#deliver = deliver;
    this.#limits = checkedLimits(options);
    this.#onDrop = options.onDrop ?? warnOfDrops(warnings);
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
    try {
      traceId = trace.trace_id ?? newUuid();
      const item = queuedTrace(trace, traceId, this.#came + 1);
      if (this.#isClosed) {
        this.#report(traceId, "closed");
      } else {
        this.#checkSize(item.bytes);
        this.#add(item);
      }
    } catch (error) {
      traceId ??= newUuid();
      this.#report(traceId, "unsendable", error);
    }
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
      void this.#sendAll();
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
    return { queued, queuedBytes, sent: this.#sent, dropped: this.#dropped };
  }

  #checkSize(bytes: number): void {
    for (const name of ["maxTraceBytes", "maxQueuedBytes"] as const) {
      if (bytes > this.#limits[name]) throw new RangeError(`${bytes} bytes are more than ${name}`);
    }
  }

  #add(item: QueuedTrace): void {
    this.#came = item.place;
    this.#queue.add(item);
    for (let surplus = this.#queue.surplus(); surplus !== undefined; surplus = this.#queue.surplus()) {
      this.#drop(surplus, "full");
    }
    if (this.#queue.size === 0) return;
    this.#stopListening ??= onExit({
      ends: () => void this.#leave(),
      isOver: () => this.#dropAll(),
      hides: () => void this.#sendAsPageGoes(),
    });
    const isFull = this.#queue.size >= this.#pace.size || this.#queue.bytes >= this.#limits.maxBatchBytes;
    if (isFull && this.#pace.isSteady) void this.#sendAll();
    else this.#sendIn(this.#limits.maxWaitMs);
  }

  /** The program has nothing else to do: it waits a little for its traces, and no longer. */
  async #leave(): Promise<void> {
    await this.flush({ timeoutMs: exitTimeoutMs });
    this.#giveUp();
  }

  #sendIn(milliseconds: number): void {
    // Whoever sends goes on with what comes, or says when.
    if (this.#timer !== undefined || this.#isSending) return;
    this.#timer = setTimeout(() => void this.#sendAll(), milliseconds);
    // Of Node.js and its kind, where a timer is an object.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Sends batch after batch, until there is none or it has to pause. */
  async #sendAll(): Promise<void> {
    this.#clearTimer();
    if (this.#isSending) return;
    let pauseMs = this.#pace.restMs;
    this.#isSending = true;
    while (pauseMs === 0) {
      const batch = this.#queue.take(this.#pace.size, this.#limits.maxBatchBytes);
      // Looked at and left in one go: what comes later finds nobody sending.
      if (batch.length === 0) break;
      pauseMs = await this.#sendBatch(batch);
    }
    this.#isSending = false;
    if (pauseMs > 0 && this.#queue.size > 0) this.#sendIn(pauseMs);
  }

  /** Beside what is under way, for there may be no time afterwards. */
  async #sendAsPageGoes(): Promise<void> {
    const batch = this.#queue.take(this.#pace.size, longestKeepalive - this.#keptAlive);
    if (batch.length === 0) return;
    const pauseMs = await this.#sendBatch(batch);
    if (this.#queue.size > 0) this.#sendIn(pauseMs);
  }

  /** @returns how long to wait before the next one, in milliseconds. */
  async #sendBatch(batch: readonly QueuedTrace[]): Promise<number> {
    const bytes = batch.reduce((sum, item) => sum + item.bytes, 0);
    const keepalive = this.#keptAlive + bytes <= longestKeepalive;
    const keptAlive = keepalive ? bytes : 0;
    this.#keptAlive += keptAlive;
    try {
      const json = batch.map((item) => item.json);
      const refusals = await this.#deliver(json, keepalive, this.#abort.signal);
      this.#succeed(batch, refusals);
      return 0;
    } catch (error) {
      return this.#fail(batch, error);
    } finally {
      this.#keptAlive -= keptAlive;
    }
  }

  #succeed(batch: readonly QueuedTrace[], refusals: readonly unknown[]): void {
    this.#pace.succeed();
    for (const [index, item] of batch.entries()) {
      if (refusals[index] !== undefined) this.#drop(item, "refused", refusals[index]);
      else if (this.#remove(item)) this.#sent += 1;
    }
  }

  /** @returns how long to wait before the next try, in milliseconds. */
  #fail(batch: readonly QueuedTrace[], error: unknown): number {
    const isOfAll = concernsAll(error) || isRateLimitError(error);
    if (!isOfAll) this.#pace.shrink(batch.length);
    for (const item of batch) {
      item.isUnderWay = false;
      if (!mayPass(error)) {
        if (isOfAll || batch.length === 1) this.#drop(item, "refused", error);
      } else if (!isOfAll && batch.length === 1) {
        this.#failAlone(item, error);
      }
    }
    return mayPass(error) ? this.#pace.pauseAfter(error) : 0;
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

  #giveUp(): void {
    this.#abort.abort();
    // A program that was about to end may yet go on.
    this.#abort = new AbortController();
    this.#dropAll();
  }

  #dropAll(): void {
    for (const item of this.#queue) this.#drop(item, "closed");
  }

  #drop(item: QueuedTrace, reason: DropReason, error?: unknown): void {
    if (this.#remove(item)) this.#report(item.traceId, reason, error);
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

  #report(traceId: string, reason: DropReason, error?: unknown): void {
    this.#dropped += 1;
    // Whoever only wants to know must not fail the program that is traced, neither now nor later.
    (async () => this.#onDrop({ traceId, reason, error }))().catch(() => {});
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
