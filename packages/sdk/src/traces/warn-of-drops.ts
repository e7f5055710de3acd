import type { DroppedTrace, DropReason } from "./trace-sender-options.ts";

/** Where warnings go; `console` will do. */
export interface Warnings {
  warn(message: string): unknown;
}

/** Warns of the 1st, 10th, 100th, … trace that is dropped for the same reason: never silent, and never a flood. */
export function warnOfDrops(warnings: Warnings = globalThis.console): (dropped: DroppedTrace) => unknown {
  const counts = new Map<DropReason, number>();
  return ({ traceId, reason, error }) => {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    if (!/^10*$/.test(`${count}`)) return undefined;
    const why = error instanceof Error ? `, ${error.message.replace(/\.$/, "")}` : "";
    // Handed back, for a logger may fail later.
    return warnings.warn(
      `PandaProbe: traces dropped as ${reason} so far: ${count}. The last one: ${traceId}${why}. Pass \`traces: { onDrop }\` to the client to be told of each.`,
    );
  };
}
