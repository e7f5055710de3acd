/** An interval for a figure, at 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How many resamples an interval or a p-value comes from. */
export const resamples = 1_000;

/** A resample without one of the classes has no figure. With fewer figures than this share, there is no interval. */
const leastShare = 0.9;

/**
 * The percentile interval of a bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13), with
 * NumPy's linear interpolation between figures.
 *
 * @param figure the figure of one more resample, `null` if it has none
 */
export function bootstrapInterval(figure: () => number | null): Interval | null {
  const figures: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const value = figure();
    if (value !== null) figures.push(value);
  }
  if (figures.length < resamples * leastShare) return null;
  figures.sort((a, b) => a - b);
  return { low: quantile(figures, 0.025), high: quantile(figures, 0.975) };
}

function quantile(ascending: readonly number[], share: number): number {
  const at = share * (ascending.length - 1);
  const below = ascending[Math.floor(at)] ?? Number.NaN;
  const above = ascending[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
