import { setTimeout as sleep } from "node:timers/promises";

/** How long a question may wait for the database. */
const timeoutMs = 30_000;

/** What the database does, given up where it does not answer. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`The database did not answer within ${timeoutMs / 1000} s.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
