import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "./scenario.ts";

/** Looks until there is something, for at most `timeoutMs`; what it waits for is named where it never comes. */
export async function until<Found>(
  { signal }: Trial,
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  { timeoutMs = 120_000, everyMs = 50 } = {},
): Promise<Found> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline)
      throw new Error(`Within ${Math.round(timeoutMs / 1000)} s it did not come to this: ${what}.`);
    await sleep(everyMs, undefined, { signal });
  }
}
