import type { DroppedTrace, DropReason } from "./trace-sender-options.ts";

/** Counts and reports dropped traces. */
export class Drops {
  readonly #onDrop: (dropped: DroppedTrace) => unknown;
  #count = 0;
  #isReporting = false;

  constructor(onDrop: (dropped: DroppedTrace) => unknown) {
    this.#onDrop = onDrop;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the callback is running. */
  get isReporting(): boolean {
    return this.#isReporting;
  }

  /**
   * Counts a dropped trace, and reports it unless a callback sent it, because that callback might send
   * another one each time.
   */
  report(traceId: string, reason: DropReason, error?: unknown, isQuiet = false): void {
    this.#count += 1;
    if (isQuiet || this.#isReporting) return;
    this.#isReporting = true;
    // A failing callback must not fail the traced program, now or later.
    (async () => this.#onDrop({ traceId, reason, error }))().catch(() => {});
    this.#isReporting = false;
  }
}

/** Receives warnings, for example `console`. */
export interface Warnings {
  warn(message: string): unknown;
}

/** Warns of the 1st, 10th, 100th, … trace dropped for the same reason, to avoid a flood of warnings. */
export function warnOfDrops(warnings: Warnings = globalThis.console): (dropped: DroppedTrace) => unknown {
  const counts = new Map<DropReason, number>();
  return ({ traceId, reason, error }) => {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    if (!/^10*$/.test(`${count}`)) return undefined;
    const why = error instanceof Error ? `, ${error.message.replace(/\.$/, "")}` : "";
    // Returned, because a logger may fail later.
    return warnings.warn(
      `PandaProbe: traces dropped as ${reason} so far: ${count}. The last one: ${traceId}${why}. Pass \`traces: { onDrop }\` to the client to see each one.`,
    );
  };
}
