import type { DroppedTrace } from "./trace-sender-options.ts";

/** Where warnings go; `console` will do. */
export interface Warnings {
  warn(message: string): void;
}

/** Warns of the 1st, 10th, 100th, … dropped trace: never silent, and never a flood. */
export function warnOfDrops(warnings: Warnings = globalThis.console): (dropped: DroppedTrace) => void {
  let count = 0;
  return ({ traceId, reason, error }) => {
    count += 1;
    if (!/^10*$/.test(`${count}`)) return;
    const why = error instanceof Error ? `, ${error.message}` : "";
    warnings.warn(
      `PandaProbe: traces dropped so far: ${count}. The last one, ${traceId}: ${reason}${why}. Pass \`traces: { onDrop }\` to the client to be told of each.`,
    );
  };
}
