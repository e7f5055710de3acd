import { checkedTimeout } from "../options/checked-number.ts";
import { BatchSender } from "./batch-sender.ts";
import type { DeliverTraces } from "./deliver-traces.ts";
import { Drops, type Warnings, warnOfDrops } from "./drops.ts";
import { masking } from "./mask.ts";
import { onExit } from "./on-exit.ts";
import { newUuid, type QueuedTrace, queuedTrace } from "./queued-trace.ts";
import type { SentTrace } from "./sent-trace.ts";
import { TraceQueue } from "./trace-queue.ts";
import {
  checkedLimits,
  type FlushOptions,
  type TraceSenderLimits,
  type TraceSenderOptions,
  type TraceSenderStats,
} from "./trace-sender-options.ts";

const flushTimeoutMs = 30_000;
const exitTimeoutMs = 5_000;

/**
 * Sends traces in the background, many in one request, without delaying or failing your program.
 *
 * A trace is kept until the server stores or refuses it, even through outages, within limits of memory. A batch that
 * fails is retried at half its size, down to single traces, so that only a trace that cannot be sent is dropped. If
 * others are stored, a trace that fails on its own is at fault; otherwise the server is down. Several batches are sent
 * at once, but never two with the same trace, so that its updates arrive in order. No timer keeps the process alive.
 */
export class TraceSender implements AsyncDisposable {
  /** @internal The URLs that it has sent to. */
  readonly addresses = new Set<string>();
  readonly #limits: TraceSenderLimits;
  readonly #masked: (trace: SentTrace) => SentTrace;
  readonly #drops: Drops;
  readonly #queue: TraceQueue;
  readonly #batches: BatchSender;
  /** The pending flushes, which wait for what was queued before them. */
  readonly #flushes = new Set<(gone: QueuedTrace) => void>();
  /** How many traces were queued so far. */
  #came = 0;
  #isClosed = false;
  /** Whether a hook or the logger is running for a delivery. */
  #isAside = false;
  /** How many traces had been sent when the program was about to end and the sender gave up the others. */
  #sentAtEnd: number | undefined;
  #stopListening: (() => void) | undefined;

  /** @param warnings receives warnings of drops if there is no `onDrop`. Default: the console. */
  constructor(deliver: DeliverTraces, options: TraceSenderOptions = {}, warnings?: Warnings) {
    this.#limits = checkedLimits(options);
    this.#masked = masking(options.mask);
    this.#drops = new Drops(options.onDrop ?? warnOfDrops(warnings));
    this.#queue = new TraceQueue(this.#limits.maxQueued, this.#limits.maxQueuedBytes);
    this.#batches = new BatchSender(deliver, this.#limits, this.#queue, this.#drops, {
      onRemove: (item) => this.#countRemoved(item),
      isFlushing: () => this.#flushes.size > 0,
    });
  }

  /**
   * Queues a trace as it is now, and returns its id. Never throws: a trace that cannot be sent is dropped, counted and
   * reported to `onDrop`. Adds a missing `trace_id` and missing `span_id`s. Takes as long as the `JSON.stringify` of
   * the trace: a `Date` becomes ISO text, `NaN` becomes `null`, and a trace with a cycle or a `bigint` cannot be
   * sent.
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
      item = queuedTrace(this.#masked(trace), {
        traceId,
        place: this.#came + 1,
        isQuiet: this.#drops.isReporting,
      });
      this.#checkSize(item.bytes);
    } catch (error) {
      traceId ??= newUuid();
      this.#drops.report(traceId, "unsendable", error);
      return traceId;
    }
    if (this.#isClosed) this.#drops.report(traceId, "closed");
    // Sending it would need another delivery, and so on forever.
    else if (this.#isAside) this.#drops.report(traceId, "closed", undefined, true);
    else this.#add(item);
    return traceId;
  }

  /**
   * Sends at once, unless the server asked for a pause (`Retry-After`). Resolves with `true` when everything queued so
   * far has been sent or dropped, or with `false` after `timeoutMs`; sending then continues.
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
      this.#batches.sendWaiting(true);
    });
  }

  /**
   * Flushes, then drops the remaining traces and every trace sent afterwards.
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
    return { queued, queuedBytes, sent: this.#batches.sent, dropped: this.#drops.count };
  }

  /** @internal Runs a hook or the logger for a delivery. Traces that it sends are dropped, and only counted. */
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
      this.#batches.drop(surplus, "full");
    }
    if (this.#queue.size === 0) return;
    this.#stopListening ??= onExit({
      ends: () => void this.#leave(),
      isOver: () => this.#dropAll(),
      hides: () => this.#batches.sendAsPageGoes(),
    });
    this.#batches.sendSoon();
  }

  /** The program has nothing else to do: it waits a few seconds for its traces. */
  async #leave(): Promise<void> {
    await this.flush({ timeoutMs: exitTimeoutMs });
    // If every drop were reported, an `onDrop` that sends another trace later would keep the program from ending.
    const { sent } = this.#batches;
    this.#giveUp(this.#sentAtEnd === sent);
    this.#sentAtEnd = sent;
  }

  #giveUp(isQuiet = false): void {
    this.#batches.abort();
    this.#dropAll(isQuiet);
  }

  #dropAll(isQuiet = false): void {
    for (const item of this.#queue) this.#batches.drop(item, "closed", undefined, isQuiet);
  }

  #countRemoved(item: QueuedTrace): void {
    if (this.#queue.size === 0) {
      this.#stopListening?.();
      this.#stopListening = undefined;
    }
    for (const count of this.#flushes) count(item);
  }
}
