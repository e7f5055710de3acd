import { setTimeout as sleep } from "node:timers/promises";

/** Polls until there is a result, for at most `timeoutMs`. */
export async function waitUntil<Found>(
  find: () => Promise<Found | undefined | false>,
  timeoutMs = 60_000,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline)
      throw new Error(`Nothing came within ${timeoutMs} ms of waiting for ${find.toString()}`);
    await sleep(20);
  }
}
