/** Rounded to four decimals, as scores and all numbers in their metadata are stored. */
export function round4(value: number): number {
  const rounded = Math.round(value * 10_000) / 10_000;
  // −0 would be written as "-0".
  return rounded === 0 ? 0 : rounded;
}
