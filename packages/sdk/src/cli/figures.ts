/**
 * A score or mean with two decimals, or four if it has more. Cut, not rounded: a value that misses a threshold must
 * not look as if it reached it.
 */
export function scoreText(value: number | null): string {
  if (value === null) return "–";
  return (Math.floor(value * 1e4 + 1e-4) / 1e4).toFixed(4).replace(/00$/, "");
}

/** A share in percent, cut to one decimal. */
export function shareText(value: number | null): string {
  return value === null ? "–" : `${Math.floor(value * 1000 + 1e-4) / 10} %`;
}

/** Dollars and cents; two significant digits for an amount below ten cents. */
export function usdText(usd: number): string {
  return `$${usd > 0 && usd < 0.1 ? Number(usd.toPrecision(2)) : usd.toFixed(2)}`;
}

/** A duration, rounded for people. */
export function timeText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return `${Math.round(milliseconds)} ms`;
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const numberText = (value: number): string => value.toLocaleString("en-US");

/** A count with its noun: `1 trace`, `2 traces`. */
export const countText = (count: number, thing: string): string =>
  `${numberText(count)} ${thing}${count === 1 ? "" : "s"}`;
