import type { DroppedTrace, DropReason } from "./trace-sender-options.ts";

/** Counts dropped traces, and reports each one. */
export class Drops {
  readonly #onDrop: (dropped: DroppedTrace) => unknown;
  #count = 0;
  #isTelling = false;

  constructor(onDrop: (dropped: DroppedTrace) => unknown) {
    this.#onDrop = onDrop;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the callback is being called. */
  get isTelling(): boolean {
    return this.#isTelling;
  }

  /** Counts one, and reports it unless a callback sent it, which might send again without end. */
  tell(traceId: string, reason: DropReason, error?: unknown, isQuiet = false): void {
    this.#count += 1;
    if (isQuiet || this.#isTelling) return;
    this.#isTelling = true;
    // A callback that fails must not fail the program that is traced, neither now nor later.
    (async () => this.#onDrop({ traceId, reason, error }))().catch(() => {});
    this.#isTelling = false;
  }
}
