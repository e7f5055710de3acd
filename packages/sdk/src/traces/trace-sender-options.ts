import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";

/** What `send` takes: a trace whose times may be dates, since it is sent as JSON. */
export interface SentTrace extends Omit<WithDates<TraceCreate>, "spans"> {
  readonly spans?: readonly WithDates<SpanCreate>[] | undefined;
}

type WithDates<Sent extends Pick<TraceCreate, "started_at" | "ended_at">> = Omit<
  Sent,
  "started_at" | "ended_at"
> & {
  readonly started_at: Sent["started_at"] | Date;
  readonly ended_at?: Sent["ended_at"] | Date;
};

/** How `client.traces` queues and sends. */
export interface TraceSenderOptions {
  /** How many traces may wait, those in flight included. Beyond it the oldest waiting one is dropped. Default: 10,000. */
  readonly maxQueued?: number | undefined;
  /** How many bytes of JSON may wait; beyond it as for `maxQueued`. Default: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /**
   * How many bytes of JSON a single trace may have; a larger one is dropped at once, and costs no other its place.
   * Default: 10 MiB, which is what a server takes unless it is set up for more.
   */
  readonly maxTraceBytes?: number | undefined;
  /** How many traces go in one request, 1 to 100; so many waiting ones are sent at once. Default: 100. */
  readonly maxBatch?: number | undefined;
  /** How many bytes of JSON go in one request, unless a single trace has more. Default: 1 MiB. */
  readonly maxBatchBytes?: number | undefined;
  /** How long a trace waits for others to go with it, in milliseconds. Default: 1,000. */
  readonly maxWaitMs?: number | undefined;
  /**
   * Called for every trace that will not get to the server, but for one that it sent itself. Default: a warning to the
   * client's `logger`, or on the console where it has none, at the 1st, 10th, 100th, … trace of each reason. What it
   * throws, or rejects with, is ignored.
   */
  readonly onDrop?: ((dropped: DroppedTrace) => unknown) | undefined;
}

/** A trace that will not get to the server. */
export interface DroppedTrace {
  readonly traceId: string;
  readonly reason: DropReason;
  /** Why: what JSON could not hold, what the server said, what the last try met. */
  readonly error?: unknown;
}

/**
 * Why a trace was dropped: the queue was `full` and it was the oldest; it is larger than a trace may be, or no JSON
 * (`unsendable`); the server `refused` it, or the key, or has no such address; `undeliverable`: by itself it failed ten
 * times, while others got through; the sender was `closed`, or the program ended.
 */
export type DropReason = "full" | "unsendable" | "refused" | "undeliverable" | "closed";

export interface TraceSenderStats {
  /** Traces that wait, those in flight included. */
  readonly queued: number;
  /** Their bytes of JSON. */
  readonly queuedBytes: number;
  /** Traces that the server took. */
  readonly sent: number;
  /** Traces that will not get to the server. */
  readonly dropped: number;
}

export interface FlushOptions {
  /** How long to wait at most, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
}
