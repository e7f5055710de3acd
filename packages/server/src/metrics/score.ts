/** The threshold of every built-in metric. A threshold only decides `success` in the metadata; it never changes a score. */
export const DEFAULT_THRESHOLD = 0.5;

/** `score`, limited to [0, 1]. */
export function clamp01(score: number): number {
  return Math.min(1, Math.max(0, score));
}

/** Rounds to four decimals, the precision of stored scores and of all numbers in their metadata. */
export function round4(value: number): number {
  const rounded = Math.round(value * 10_000) / 10_000;
  // −0 would be written as "-0".
  return rounded === 0 ? 0 : rounded;
}
