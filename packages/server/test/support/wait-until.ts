import { setTimeout as sleep } from "node:timers/promises";

/** Looks until there is something to return, for at most `timeoutMs`. */
export async function waitUntil<Found>(
  look: () => Promise<Found | undefined | false>,
  timeoutMs = 60_000,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline)
      throw new Error(`Nothing came within ${timeoutMs} ms of waiting for ${look.toString()}`);
    await sleep(20);
  }
}
