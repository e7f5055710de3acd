import { ClusterSums } from "./cluster-sums.ts";
import { bootstrapInterval, type Interval } from "./interval.ts";
import { mcnemarP, signFlipP, swapP } from "./permutation.ts";
import { SeededRandom } from "./random.ts";

/** One case on both sides. Several scores of a case are averaged per side. */
export interface ComparedPair {
  /** Pairs of one cluster are alike: they share a session on either side. */
  readonly cluster: string;
  readonly a: number;
  readonly b: number;
  /** `null` if a side's scores have no threshold, or disagree. */
  readonly aPassed: boolean | null;
  readonly bPassed: boolean | null;
}

/** A score of one side, if cases are not paired. */
export interface ComparedScore {
  /** The session; the trace itself if it has none. */
  readonly cluster: string;
  readonly value: number;
}

/** `null` if there is not enough data. */
export interface ComparisonFigures {
  /** The clusters of pairs; if unpaired, those of the side with fewer. */
  readonly sessions: number;
  readonly mean_a: number | null;
  readonly mean_b: number | null;
  /** b − a. */
  readonly difference: number | null;
  readonly ci: Interval | null;
  /** Two-sided, of a test that flips or swaps whole sessions. */
  readonly p_value: number | null;
  /** The smallest difference that this many sessions would have shown with a probability of 80 %. */
  readonly detectable: number | null;
}

export interface PairedFigures extends ComparisonFigures {
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Of passed against failed. `null` if a session has several pairs, or no pair changed. */
  readonly mcnemar_p: number | null;
}

/** With fewer sessions, not even a difference of the same sign in all of them has a p-value of 0.05 (2 ÷ 2⁵ = 0.06). */
export const leastSessions = 6;

/** z(1 − 0.05 ÷ 2) + z(0.8): the distance, in standard errors, that a two-sided test finds in 80 % of cases. */
const zOfPower = 1.959963984540054 + 0.8416212335729143;

/** Equal means of several scores may differ by rounding. */
const sameWithin = 1e-9;

/** Compares the same cases on both sides. The same seed and values give the same figures, in whatever order. */
export function comparePairs(cases: readonly ComparedPair[], seed: number): PairedFigures {
  // Always in the same order, so that sums round alike.
  const pairs = cases.toSorted((one, other) => one.a - other.a || one.b - other.b);
  const n = pairs.length;
  // Each side in its own order, so that equal sums round alike whichever side comes first.
  const total = (side: "a" | "b") =>
    Float64Array.from(pairs, (pair) => pair[side])
      .sort()
      .reduce((sum, value) => sum + value, 0);
  const [totalA, totalB] = [total("a"), total("b")];
  // Swapping the sides must change only the signs, so the better side always comes last.
  if (totalA > totalB) return mirroredPairs(comparePairs(pairs.map(swapped), seed));
  const random = new SeededRandom(seed);
  const sums = new ClusterSums(2);
  for (const { cluster, a, b } of pairs) sums.add(cluster, [b - a, 1]);
  const clusters = inOrder(sums);
  const enough = clusters.size >= leastSessions;
  const resample = clusters.resampler(random);
  const wins = pairs.filter(({ a, b }) => b - a > sameWithin).length;
  const losses = pairs.filter(({ a, b }) => a - b > sameWithin).length;
  return {
    sessions: clusters.size,
    mean_a: meanOf([totalA, n]),
    mean_b: meanOf([totalB, n]),
    difference: minus(meanOf([totalB, n]), meanOf([totalA, n])),
    ci: enough ? bootstrapInterval(() => meanOf(resample())) : null,
    p_value: enough
      ? signFlipP(
          clusters.each().map(([difference = 0]) => difference),
          random,
        )
      : null,
    detectable: enough ? zOfPower * Math.sqrt(varianceOfMean(clusters)) : null,
    wins,
    losses,
    ties: n - wins - losses,
    mcnemar_p: sums.size === n ? mcnemarOf(pairs) : null,
  };
}

/** Compares two samples whose cases are not the same. The same seed and values give the same figures. */
export function compareSamples(
  a: readonly ComparedScore[],
  b: readonly ComparedScore[],
  seed: number,
): ComparisonFigures {
  const [sumsA, sumsB] = [clusterSums(a), clusterSums(b)];
  const [meanA, meanB] = [meanOf(sumsA.total()), meanOf(sumsB.total())];
  if (meanA !== null && meanB !== null && meanA > meanB) return mirrored(compareSamples(b, a, seed));
  const random = new SeededRandom(seed);
  const [resampleA, resampleB] = [sumsA.resampler(random), sumsB.resampler(random)];
  const sessions = Math.min(sumsA.size, sumsB.size);
  const enough = sessions >= leastSessions;
  return {
    sessions,
    mean_a: meanA,
    mean_b: meanB,
    difference: minus(meanB, meanA),
    ci: enough ? bootstrapInterval(() => minus(meanOf(resampleB()), meanOf(resampleA()))) : null,
    p_value: enough ? swapP(sumsA.each(), sumsB.each(), random) : null,
    detectable: enough ? zOfPower * Math.sqrt(varianceOfMean(sumsA) + varianceOfMean(sumsB)) : null,
  };
}

function clusterSums(scores: readonly ComparedScore[]): ClusterSums {
  const sums = new ClusterSums(2);
  const ascending = scores.toSorted((one, other) => one.value - other.value);
  for (const { cluster, value } of ascending) sums.add(cluster, [value, 1]);
  return inOrder(sums);
}

/** Resamples depend on the order of the clusters, so it must not depend on ids or on the order of rows. */
function inOrder(sums: ClusterSums): ClusterSums {
  const ordered = new ClusterSums(2);
  const rows = sums.each().sort(([x = 0, n = 0], [y = 0, m = 0]) => x - y || n - m);
  for (const [i, row] of rows.entries()) ordered.add(String(i), row);
  return ordered;
}

function swapped({ cluster, a, b, aPassed, bPassed }: ComparedPair): ComparedPair {
  return { cluster, a: b, b: a, aPassed: bPassed, bPassed: aPassed };
}

function mirrored<Figures extends ComparisonFigures>(figures: Figures): Figures {
  const { mean_a, mean_b, difference, ci } = figures;
  return {
    ...figures,
    mean_a: mean_b,
    mean_b: mean_a,
    difference: difference === null ? null : -difference,
    ci: ci && { low: -ci.high, high: -ci.low },
  };
}

function mirroredPairs(figures: PairedFigures): PairedFigures {
  return { ...mirrored(figures), wins: figures.losses, losses: figures.wins };
}

function meanOf([total = 0, count = 0]: ArrayLike<number> & Iterable<number>): number | null {
  return count === 0 ? null : total / count;
}

function minus(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one - other;
}

/** The variance of a ratio of sums over clusters (Cochran, Sampling Techniques, 1977, section 6.3). */
function varianceOfMean(sums: ClusterSums): number {
  const [total = 0, count = 0] = sums.total();
  const mean = total / count;
  let squares = 0;
  for (const [clusterTotal = 0, clusterCount = 0] of sums.each()) {
    squares += (clusterTotal - mean * clusterCount) ** 2;
  }
  return ((sums.size / (sums.size - 1)) * squares) / count ** 2;
}

function mcnemarOf(pairs: readonly ComparedPair[]): number | null {
  const gained = pairs.filter(({ aPassed, bPassed }) => aPassed === false && bPassed === true).length;
  const lost = pairs.filter(({ aPassed, bPassed }) => aPassed === true && bPassed === false).length;
  return mcnemarP(gained, lost);
}
