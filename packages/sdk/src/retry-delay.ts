import { askedPauseMs } from "./errors/asked-pause-ms.ts";

/** Half of the first. */
const backoffMs = 250;
const longestBackoffMs = 8_000;

/**
 * How long to wait after a failed try: as long as the server asks for, and then full jitter under a ceiling that doubles
 * with every try, so that those who were sent away together do not come back together.
 *
 * @param tries how many there were.
 * @param error what the last one met.
 */
export function retryDelayMs(tries: number, error: unknown): number {
  const ceilingMs = Math.min(backoffMs * 2 ** tries, longestBackoffMs);
  return askedPauseMs(error) + Math.random() * ceilingMs;
}
