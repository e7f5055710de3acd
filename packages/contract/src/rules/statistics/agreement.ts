import { ClusterSums } from "./cluster-sums.ts";
import { bootstrapInterval, type Interval } from "./interval.ts";
import { SeededRandom } from "./random.ts";

/** A target that a person and a judge scored. */
export interface LabelledItem {
  /** The session; the target itself if it has none. */
  readonly cluster: string;
  /** The judge's value, from 0 to 1. */
  readonly value: number;
  /** Whether the judge's value reaches the threshold. */
  readonly judgePassed: boolean;
  /** Whether most people passed it. */
  readonly personPassed: boolean;
}

/** The judge's values of all targets of a session, whether or not people scored them. */
export interface JudgedCluster {
  readonly cluster: string;
  readonly passed: number;
  readonly judged: number;
}

/** How often judge and people agree. "Positive" means passed, and people count as right. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** The figures of an agreement. `null` if there is not enough data. */
export interface AgreementFigures {
  readonly n: number;
  readonly confusion: Confusion;
  readonly kappa: number | null;
  readonly kappa_ci: Interval | null;
  readonly tpr: number | null;
  readonly tnr: number | null;
  readonly auc: number | null;
  readonly brier: number | null;
  readonly pass_rate: {
    readonly judge: number | null;
    readonly corrected: number | null;
    readonly ci: Interval | null;
  };
}

/** Agreement needs this many labelled targets. */
export const leastItems = 30;
/** A rate needs this many labelled targets of its class. */
export const leastOfClass = 10;

/**
 * How well a judge agrees with people.
 *
 * @param items targets that people chose at random; others would bias every figure
 * @param judged all targets that the judge scored
 * @param seed the same seed gives the same intervals
 */
export function agreementFigures(
  items: readonly LabelledItem[],
  judged: readonly JudgedCluster[],
  seed: number,
): AgreementFigures {
  const labels = new ClusterSums(4);
  for (const item of items) labels.add(item.cluster, confusionColumns(item));
  const verdicts = new ClusterSums(2);
  for (const { cluster, passed, judged: count } of judged) verdicts.add(cluster, [passed, count]);

  const sums = labels.total();
  const confusion = confusionOf(sums);
  const judgeRate = rateOf(verdicts.total());
  const enough = items.length >= leastItems;
  const kappa = enough ? cohensKappa(confusion) : null;
  const { tpr, tnr } = rates(confusion, leastOfClass);
  const corrected = correctedRate(judgeRate, tpr, tnr);
  const random = new SeededRandom(seed);
  return {
    n: items.length,
    confusion,
    kappa,
    kappa_ci: kappa === null ? null : kappaInterval(labels, random),
    tpr,
    tnr,
    auc: enough ? areaUnderCurve(items) : null,
    brier: enough ? brierScore(items) : null,
    pass_rate: {
      judge: judgeRate,
      corrected,
      ci: corrected === null ? null : correctedInterval(labels, verdicts, random),
    },
  };
}

function confusionColumns({ judgePassed, personPassed }: LabelledItem): readonly number[] {
  if (personPassed) return judgePassed ? columns.tp : columns.fn;
  return judgePassed ? columns.fp : columns.tn;
}

const columns = { tp: [1, 0, 0, 0], fp: [0, 1, 0, 0], fn: [0, 0, 1, 0], tn: [0, 0, 0, 1] } as const;

function confusionOf([tp = 0, fp = 0, fn = 0, tn = 0]: Float64Array): Confusion {
  return { tp, fp, fn, tn };
}

function rateOf([passed = 0, count = 0]: Float64Array): number | null {
  return count === 0 ? null : passed / count;
}

/**
 * Cohen's κ (A Coefficient of Agreement for Nominal Scales, 1960): how much more often they agree than by chance. `null`
 * if people passed all targets, or none.
 */
export function cohensKappa({ tp, fp, fn, tn }: Confusion): number | null {
  const n = tp + fp + fn + tn;
  if (tp + fn === 0 || fp + tn === 0) return null;
  const observed = (tp + tn) / n;
  const expected = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / (n * n);
  return (observed - expected) / (1 - expected);
}

/** The share of passed targets that the judge passes (TPR), and of failed ones that it fails (TNR). */
function rates({ tp, fp, fn, tn }: Confusion, least: number): { tpr: number | null; tnr: number | null } {
  return {
    tpr: tp + fn < least ? null : tp / (tp + fn),
    tnr: fp + tn < least ? null : tn / (fp + tn),
  };
}

/**
 * The pass rate that people would find, from the judge's rate and its errors (Rogan and Gladen, Estimating Prevalence from
 * the Results of a Screening Test, 1978). `null` for a judge that is no better than chance.
 */
export function correctedRate(
  judgeRate: number | null,
  tpr: number | null,
  tnr: number | null,
): number | null {
  if (judgeRate === null || tpr === null || tnr === null || tpr + tnr <= 1) return null;
  return Math.min(1, Math.max(0, (judgeRate + tnr - 1) / (tpr + tnr - 1)));
}

function kappaInterval(labels: ClusterSums, random: SeededRandom): Interval | null {
  const resample = labels.resampler(random);
  return bootstrapInterval(() => cohensKappa(confusionOf(resample())));
}

/** Both samples vary: the labels, which give the judge's errors, and the targets it judged. */
function correctedInterval(
  labels: ClusterSums,
  verdicts: ClusterSums,
  random: SeededRandom,
): Interval | null {
  const [relabel, rejudge] = [labels.resampler(random), verdicts.resampler(random)];
  return bootstrapInterval(() => {
    const { tpr, tnr } = rates(confusionOf(relabel()), 1);
    return correctedRate(rateOf(rejudge()), tpr, tnr);
  });
}

/**
 * The probability that the judge's value of a passed target is above that of a failed one, counting a tie as half
 * (Hanley and McNeil, 1982). `null` if people passed all targets, or none.
 */
export function areaUnderCurve(
  items: readonly Pick<LabelledItem, "value" | "personPassed">[],
): number | null {
  const passed = ascendingValues(items.filter(({ personPassed }) => personPassed));
  const failed = ascendingValues(items.filter(({ personPassed }) => !personPassed));
  if (passed.length === 0 || failed.length === 0) return null;
  let [below, upTo, wins] = [0, 0, 0];
  for (const value of passed) {
    while ((failed[below] ?? value) < value) below += 1;
    upTo = Math.max(upTo, below);
    while ((failed[upTo] ?? Number.POSITIVE_INFINITY) <= value) upTo += 1;
    wins += (below + upTo) / 2;
  }
  return wins / (passed.length * failed.length);
}

/** In a typed array, which is sorted several times faster. */
function ascendingValues(items: readonly Pick<LabelledItem, "value">[]): Float64Array {
  return Float64Array.from(items, ({ value }) => value).sort();
}

/** The mean squared distance of the judge's value from people's verdict, 1 or 0 (Brier, 1950). */
function brierScore(items: readonly LabelledItem[]): number {
  const total = items.reduce((sum, { value, personPassed }) => sum + (value - Number(personPassed)) ** 2, 0);
  return total / items.length;
}
