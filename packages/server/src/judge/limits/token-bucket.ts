/** What may be used right now of a limit per minute. It fills steadily, up to what comes in a second. */
export interface TokenBucket {
  readonly level: number;
  readonly at: number;
}

/** A grant may be used up to this much later. */
const carriedSeconds = 1;

/**
 * The bucket as it is now. It holds one second's worth and fills slightly slower than the limit allows, so that even a minute
 * that starts with a full bucket stays within the limit.
 */
export function refilled(bucket: TokenBucket | null, perMinute: number, now: number): TokenBucket {
  const size = Math.max(1, perMinute / 60);
  if (bucket === null) return { level: size, at: now };
  const rate = (Math.max(perMinute - size, perMinute / 2) * 60) / (60 + carriedSeconds);
  // A process that waited for the lock may have read the clock before another one did.
  const elapsed = Math.max(0, now - bucket.at);
  return { level: Math.min(size, bucket.level + (rate * elapsed) / 60_000), at: bucket.at + elapsed };
}
