const LONGEST_MS = 30_000;

/**
 * How long to wait after the given try: doubling from `firstMs`, never more than 30 s, of which half is left to chance
 * so that calls that failed together do not come back together; and never less than the provider asked for.
 */
export function backoffMs(tries: number, firstMs: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(LONGEST_MS, firstMs * 2 ** (tries - 1));
  const jitter = Math.random();
  return Math.max(ceiling * (0.5 + jitter / 2), (retryAfterMs ?? 0) * (1 + jitter / 10));
}
