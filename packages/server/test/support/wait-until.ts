import { setTimeout as sleep } from "node:timers/promises";

const longestPauseMs = 50;

/** Polls until there is a result, for at most `timeoutMs`. The pauses grow, because polls take time from what they wait for. */
export async function waitUntil<Found>(
  find: () => Promise<Found | undefined | false>,
  timeoutMs = 60_000,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline)
      throw new Error(`Nothing came within ${timeoutMs} ms of waiting for ${find.toString()}`);
    await sleep(pauseMs);
  }
}
