/** How much may be used at once: it fills steadily, up to its size. */
export interface Bucket {
  readonly level: number;
  readonly at: number;
}

/** What is granted may be used this much later. */
const carriedSeconds = 1;

/**
 * The bucket as it is now. It holds what comes in a second, and fills a little slower than the limit would allow: so not
 * even a minute that begins with a full bucket sees more than the limit.
 */
export function filled(bucket: Bucket | null, perMinute: number, now: number): Bucket {
  const size = Math.max(1, perMinute / 60);
  if (bucket === null) return { level: size, at: now };
  const rate = (Math.max(perMinute - size, perMinute / 2) * 60) / (60 + carriedSeconds);
  // Who waited for the lock may have looked at the clock before.
  const elapsed = Math.max(0, now - bucket.at);
  return { level: Math.min(size, bucket.level + (rate * elapsed) / 60_000), at: bucket.at + elapsed };
}
