/** The arithmetic mean. @throws RangeError for no values. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("No values have no mean.");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The sample standard deviation, `sqrt(Σ (x − mean)² / (n − 1))`, as in https://en.wikipedia.org/wiki/Standard_deviation
 * with Bessel's correction. `null` for fewer than two values, which say nothing about how they vary.
 */
export function sampleDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** The share of values on the minority side of the threshold, from 0 to 0.5. `null` for no values. */
export function flipRate(values: readonly number[], threshold: number): number | null {
  if (values.length === 0) return null;
  const passes = values.filter((value) => value >= threshold).length;
  return Math.min(passes, values.length - passes) / values.length;
}

/**
 * The share of pairs of judges with the same verdict, `Σ nⱼ (nⱼ − 1) / (n (n − 1))`: the agreement on one subject in Fleiss'
 * kappa (Fleiss 1971, https://en.wikipedia.org/wiki/Fleiss%27_kappa). `null` for fewer than two verdicts.
 */
export function agreement(verdicts: readonly string[]): number | null {
  const n = verdicts.length;
  if (n < 2) return null;
  const counts = [...new Set(verdicts)].map(
    (verdict) => verdicts.filter((other) => other === verdict).length,
  );
  return counts.reduce((sum, count) => sum + count * (count - 1), 0) / (n * (n - 1));
}
