/** A score with two decimals, cut and not rounded: a score below a threshold must not look as if it reached it. */
export const scoreText = (score: number): string => (Math.floor(score * 100 + 1e-4) / 100).toFixed(2);
