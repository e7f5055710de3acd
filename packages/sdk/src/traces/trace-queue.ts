import type { QueuedTrace } from "./queued-trace.ts";

/** The traces that wait or are in flight, in sending order, within limits of memory. */
export class TraceQueue implements Iterable<QueuedTrace> {
  readonly #maxSize: number;
  readonly #maxBytes: number;
  readonly #traces = new Set<QueuedTrace>();
  /** The ids of the traces in flight. A later update of one of them waits, so that it arrives later. */
  readonly #idsInFlight = new Set<string>();
  #bytes = 0;
  readonly #inFlight = { size: 0, bytes: 0 };

  constructor(maxSize: number, maxBytes: number) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#traces.size;
  }

  /** The bytes of JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  [Symbol.iterator](): IterableIterator<QueuedTrace> {
    return this.#traces.values();
  }

  /** The traces that are not in flight. */
  get waiting(): { readonly size: number; readonly bytes: number } {
    return { size: this.size - this.#inFlight.size, bytes: this.bytes - this.#inFlight.bytes };
  }

  /** Whether it fits without dropping another one. */
  hasRoomFor({ bytes }: QueuedTrace): boolean {
    return this.size < this.#maxSize && this.#bytes + bytes <= this.#maxBytes;
  }

  add(trace: QueuedTrace): void {
    this.#traces.add(trace);
    this.#bytes += trace.bytes;
  }

  /** @returns whether it was queued. */
  delete(trace: QueuedTrace): boolean {
    const wasThere = this.#traces.delete(trace);
    if (wasThere) {
      this.#bytes -= trace.bytes;
      this.#mark(trace, false);
    }
    return wasThere;
  }

  /** Moves everything queued for one trace behind the others, in the same order. */
  putLast(traceId: string): void {
    for (const trace of [...this.#traces].filter((one) => one.traceId === traceId)) {
      this.#traces.delete(trace);
      this.#traces.add(trace);
    }
  }

  /**
   * The trace to drop if there are too many: the oldest one. A newer one is more relevant, and may be a later state of
   * the same trace. A trace in flight may have arrived, so it stays.
   */
  surplus(): QueuedTrace | undefined {
    if (this.#traces.size <= this.#maxSize && this.#bytes <= this.#maxBytes) return undefined;
    for (const trace of this.#traces) if (!trace.isInFlight) return trace;
    return undefined;
  }

  /**
   * Takes the oldest waiting traces for a batch: at least one if there is one, at most as many as both limits allow,
   * and no update of a trace in flight.
   */
  take(count: number, maxBytes: number): QueuedTrace[] {
    const taken: QueuedTrace[] = [];
    let bytes = 0;
    for (const trace of this.#traces) {
      if (this.#idsInFlight.has(trace.traceId)) continue;
      bytes += trace.bytes;
      if (taken.length === count || (taken.length > 0 && bytes > maxBytes)) break;
      taken.push(trace);
    }
    for (const trace of taken) {
      this.#mark(trace, true);
      this.#idsInFlight.add(trace.traceId);
    }
    return taken;
  }

  /** Marks a batch as no longer in flight: its remaining traces wait again. */
  release(batch: readonly QueuedTrace[]): void {
    for (const trace of batch) {
      this.#mark(trace, false);
      this.#idsInFlight.delete(trace.traceId);
    }
  }

  #mark(trace: QueuedTrace, isInFlight: boolean): void {
    if (trace.isInFlight === isInFlight) return;
    trace.isInFlight = isInFlight;
    this.#inFlight.size += isInFlight ? 1 : -1;
    this.#inFlight.bytes += isInFlight ? trace.bytes : -trace.bytes;
  }
}
