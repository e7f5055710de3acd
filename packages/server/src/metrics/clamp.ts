/** The number in [0, 1] nearest to `score`. */
export function clamp01(score: number): number {
  return Math.min(1, Math.max(0, score));
}
