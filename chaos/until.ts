import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "./scenario.ts";

/** Polls until there is something to return. @throws Error that names `what` after `timeoutMs`. */
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
      throw new Error(`Gave up after waiting ${Math.round(timeoutMs / 1000)} s until ${what}.`);
    await sleep(everyMs, undefined, { signal });
  }
}
