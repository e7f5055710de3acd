import { resamples } from "./interval.ts";
import type { SeededRandom } from "./random.ts";

/** With at most this many sessions, every assignment of signs is tried instead of a sample of them. */
const mostExact = 13;

/**
 * The p-value of no difference, from flipping the sign of each session's difference (Fisher's randomization test).
 * Exact for few sessions; otherwise the share of random flips, counting the observed assignment (Phipson and Smyth,
 * Permutation P-values Should Never Be Zero, 2010).
 */
export function signFlipP(differences: readonly number[], random: SeededRandom): number {
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  const least = observed - tolerance(observed);
  // Both signs are equally likely, so only the sizes matter. Sorted, they are the same for either order of the sides.
  const sizes = Float64Array.from(differences, Math.abs).sort();
  if (sizes.length <= mostExact) {
    const assignments = 2 ** sizes.length;
    let extreme = 0;
    for (let signs = 0; signs < assignments; signs++) {
      if (Math.abs(sumWithSigns(sizes, () => signs)) >= least) extreme += 1;
    }
    return extreme / assignments;
  }
  let extreme = 1;
  for (let i = 0; i < resamples; i++) {
    if (Math.abs(sumWithSigns(sizes, () => random.index(2 ** 32))) >= least) extreme += 1;
  }
  return extreme / (resamples + 1);
}

/** @param bits 32 signs, one for each bit */
function sumWithSigns(sizes: Float64Array, bits: () => number): number {
  let [total, signs] = [0, 0];
  for (let i = 0; i < sizes.length; i++) {
    if (i % 32 === 0) signs = bits();
    total += (sizes[i] ?? 0) * ((signs & 1) * 2 - 1);
    signs >>>= 1;
  }
  return total;
}

/** Sums of the same numbers in another order may differ by rounding. */
function tolerance(sum: number): number {
  return 1e-12 * Math.max(1, sum);
}

/** The sum of a session's values, and how many they are. */
type SessionSum = readonly number[];

/** The permutation p-value of the difference between two means: sessions are assigned to the sides at random. */
export function swapP(a: readonly SessionSum[], b: readonly SessionSum[], random: SeededRandom): number {
  const all = [...a, ...b];
  const [totals, counts] = [0, 1].map((column) => Float64Array.from(all, (sums) => sums[column] ?? 0));
  if (totals === undefined || counts === undefined) return 1;
  const [allTotal, allCount] = [sumOf(totals), sumOf(counts)];
  /** The difference between the mean of the sessions drawn for one side and that of the others. */
  const distance = (total: number, count: number) =>
    Math.abs((allTotal - total) / (allCount - count) - total / count);
  const drawn = Math.min(a.length, b.length);
  const smaller = a.length <= b.length ? [0, a.length] : [a.length, all.length];
  const observed = distance(sumOf(totals.subarray(...smaller)), sumOf(counts.subarray(...smaller)));
  const least = observed - tolerance(observed);
  const order = Uint32Array.from(all, (_, i) => i);
  let extreme = 1;
  for (let i = 0; i < resamples; i++) {
    let [total, count] = [0, 0];
    for (let position = 0; position < drawn; position++) {
      const other = position + random.index(order.length - position);
      const taken = order[other] ?? 0;
      order[other] = order[position] ?? 0;
      order[position] = taken;
      total += totals[taken] ?? 0;
      count += counts[taken] ?? 0;
    }
    if (distance(total, count) >= least) extreme += 1;
  }
  return extreme / (resamples + 1);
}

function sumOf(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/**
 * McNemar's test of passed against failed, exact by the binomial distribution (Note on the Sampling Error of the Difference
 * between Correlated Proportions, 1947). `null` if no pair changed.
 */
export function mcnemarP(gained: number, lost: number): number | null {
  const changed = gained + lost;
  if (changed === 0) return null;
  let tail = 0;
  let logTerm = -changed * Math.LN2;
  for (let k = 0; k <= Math.min(gained, lost); k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(changed - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** Holm's adjustment of p-values for several comparisons (A Simple Sequentially Rejective Multiple Test Procedure, 1979). */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const ascending = pValues.map((p, index) => ({ p, index })).toSorted((one, other) => one.p - other.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let highest = 0;
  for (const [rank, { p, index }] of ascending.entries()) {
    highest = Math.max(highest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}
