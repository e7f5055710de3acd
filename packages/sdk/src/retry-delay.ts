import { retryAfterSeconds } from "./retry-after.ts";

/** A server that asks for longer is asked again after this. */
export const longestRetryAfterMs = 60_000;
const firstBackoffMs = 500;
const longestBackoffMs = 8_000;

/**
 * How long to wait after a failed try: as long as the server asks for, and then full jitter under a ceiling that doubles
 * with every try, so that those who were sent away together do not come back together.
 *
 * @param tries how many there were.
 * @param response what the last one was answered, if anything.
 */
export function retryDelayMs(tries: number, response: Response | undefined): number {
  const askedMs = response === undefined ? 0 : (retryAfterSeconds(response) ?? 0) * 1000;
  const ceilingMs = Math.min(firstBackoffMs * 2 ** (tries - 1), longestBackoffMs);
  return Math.min(askedMs, longestRetryAfterMs) + Math.random() * ceilingMs;
}
