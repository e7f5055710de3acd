/**
 * The arithmetic mean; `NaN` of none. Numbers in binary add up to a little more or less than those in decimal that they
 * stand for: 0.7, 0.8 and 0.9 to a mean of 0.7999999999999999. What lies as near to a number of 12 digits as adding may
 * have moved it is taken for that number.
 */
export function meanOf(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const short = Number(mean.toPrecision(12));
  return Math.abs(mean - short) <= numbers.length * Number.EPSILON ? short : mean;
}
