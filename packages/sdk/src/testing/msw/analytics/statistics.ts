/** `null` where there is nothing to take the mean of. The sum is one of decimals, without the dust of binary fractions. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  return Number(sum.toPrecision(15)) / values.length;
}

/** The value below which a fraction of them lie, between two of them where it must; `null` where there is none. */
export function percentile(values: readonly number[], fraction: number): number | null {
  const ascending = [...values].sort((a, b) => a - b);
  const place = (ascending.length - 1) * fraction;
  const [low, high] = [ascending[Math.floor(place)], ascending[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}
