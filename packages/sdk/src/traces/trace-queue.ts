import type { QueuedTrace } from "./queued-trace.ts";

/** The traces that wait, those under way included, in the order they go; within bounds of memory. */
export class TraceQueue implements Iterable<QueuedTrace> {
  readonly #maxSize: number;
  readonly #maxBytes: number;
  readonly #traces = new Set<QueuedTrace>();
  #bytes = 0;

  constructor(maxSize: number, maxBytes: number) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#traces.size;
  }

  /** Of JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  [Symbol.iterator](): IterableIterator<QueuedTrace> {
    return this.#traces.values();
  }

  add(trace: QueuedTrace): void {
    this.#traces.add(trace);
    this.#bytes += trace.bytes;
  }

  /** @returns whether it was there. */
  delete(trace: QueuedTrace): boolean {
    const wasThere = this.#traces.delete(trace);
    if (wasThere) this.#bytes -= trace.bytes;
    return wasThere;
  }

  /** Puts all that wait of one trace behind the others, in their order. */
  putLast(traceId: string): void {
    for (const trace of [...this.#traces].filter((one) => one.traceId === traceId)) {
      this.#traces.delete(trace);
      this.#traces.add(trace);
    }
  }

  /**
   * The one to drop where there are too many: the oldest. A newer trace says more of how things are now, and may be the
   * same one, further on. What is under way may have arrived, and stays.
   */
  surplus(): QueuedTrace | undefined {
    if (this.#traces.size <= this.#maxSize && this.#bytes <= this.#maxBytes) return undefined;
    for (const trace of this.#traces) if (!trace.isUnderWay) return trace;
    return undefined;
  }

  /** Marks the oldest ones as under way: at least one if there is one, and no more than both limits allow. */
  take(count: number, maxBytes: number): QueuedTrace[] {
    const taken: QueuedTrace[] = [];
    let bytes = 0;
    for (const trace of this.#traces) {
      if (trace.isUnderWay) continue;
      bytes += trace.bytes;
      if (taken.length === count || (taken.length > 0 && bytes > maxBytes)) break;
      trace.isUnderWay = true;
      taken.push(trace);
    }
    return taken;
  }
}
