/** What may be used right now of a limit per minute. It fills steadily and holds at most one second's worth. */
export interface TokenBucket {
  readonly level: number;
  readonly at: number;
}

/** How much later a grant may be used. */
const carriedSeconds = 1;

/**
 * The bucket at `now`. It fills slightly slower than the limit allows, so that even a minute that starts with a full bucket
 * stays within the limit.
 */
export function refilled(bucket: TokenBucket | null, perMinute: number, now: number): TokenBucket {
  const size = Math.max(1, perMinute / 60);
  if (bucket === null) return { level: size, at: now };
  const rate = (Math.max(perMinute - size, perMinute / 2) * 60) / (60 + carriedSeconds);
  // A process that waited for the lock may have read the clock earlier than the previous one.
  const elapsed = Math.max(0, now - bucket.at);
  return { level: Math.min(size, bucket.level + (rate * elapsed) / 60_000), at: bucket.at + elapsed };
}
