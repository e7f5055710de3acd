import { checkedTimeout } from "../options/checked-number.ts";
import type { Mask } from "./mask.ts";

/** Options of `client.traces`. */
export interface TraceSenderOptions {
  /**
   * The most traces in the queue, including those in flight. Beyond that the oldest waiting one is dropped.
   * Default: 10,000.
   */
  readonly maxQueued?: number | undefined;
  /** The most bytes of JSON in the queue. Beyond that the oldest waiting trace is dropped. Default: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /**
   * The most bytes of JSON in a single trace. A larger one is dropped at once, without dropping others. Default: 10
   * MiB, the limit of a server with default settings.
   */
  readonly maxTraceBytes?: number | undefined;
  /** The most traces in one request, 1 to 100. That many waiting traces are sent at once. Default: 100. */
  readonly maxBatch?: number | undefined;
  /** The most bytes of JSON in one request, unless a single trace has more. Default: 1 MiB. */
  readonly maxBatchBytes?: number | undefined;
  /** How long a trace waits for others to be sent with it, in milliseconds. Default: 1,000. */
  readonly maxWaitMs?: number | undefined;
  /**
   * Called for every trace that will not reach the server, except those that the callback itself sends. Default: a
   * warning to the client's `logger`, or to the console if there is none, at the 1st, 10th, 100th, … trace of each
   * reason. If it throws or rejects, the error is ignored.
   */
  readonly onDrop?: ((dropped: DroppedTrace) => unknown) | undefined;
  /**
   * Hides parts of each trace before it is queued, so that they never leave the process. If it fails, the trace is
   * dropped. Default: nothing is hidden.
   */
  readonly mask?: Mask | undefined;
}

/** A trace that will not reach the server. */
export interface DroppedTrace {
  readonly traceId: string;
  readonly reason: DropReason;
  /** The cause: why the trace is not JSON, the server's error, or the last failure. */
  readonly error?: unknown;
}

/**
 * Why a trace was dropped: the queue was `full`, and it was the oldest; it is too large or not JSON (`unsendable`); the
 * server `refused` it or the key, or does not accept traces; it failed ten times on its own while others were stored
 * (`undeliverable`); the sender was `closed`, or the program ended.
 */
export type DropReason = "full" | "unsendable" | "refused" | "undeliverable" | "closed";

export interface TraceSenderStats {
  /** Traces in the queue, including those in flight. */
  readonly queued: number;
  /** Their bytes of JSON. */
  readonly queuedBytes: number;
  /** Traces that the server stored. */
  readonly sent: number;
  /** Traces that will not reach the server. */
  readonly dropped: number;
}

export interface FlushOptions {
  /** The longest time to wait, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** The most traces that the server accepts in one request. */
const mostInBatch = 100;

/** The limits of a sender, with defaults filled in. */
export type TraceSenderLimits = Readonly<Record<keyof Omit<TraceSenderOptions, "mask" | "onDrop">, number>>;

/** @throws TypeError for an invalid limit. */
export function checkedLimits(options: TraceSenderOptions): TraceSenderLimits {
  return {
    maxQueued: checked("maxQueued", options.maxQueued ?? 10_000),
    maxQueuedBytes: checked("maxQueuedBytes", options.maxQueuedBytes ?? 64 * 2 ** 20),
    maxTraceBytes: checked("maxTraceBytes", options.maxTraceBytes ?? 10 * 2 ** 20),
    maxBatch: checked("maxBatch", options.maxBatch ?? mostInBatch, mostInBatch),
    maxBatchBytes: checked("maxBatchBytes", options.maxBatchBytes ?? 2 ** 20),
    maxWaitMs: checkedTimeout(options, "maxWaitMs", 1_000),
  };
}

function checked(name: string, value: number, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || value < 1 || value > most) {
    throw new TypeError(`${name} must be a whole number from 1 to ${most}.`);
  }
  return value;
}
