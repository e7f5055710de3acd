import type { Agreement, LabelSelection } from "../../agreements.ts";
import { agreementFigures, type JudgedCluster, leastItems, leastOfClass } from "./agreement.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";

/** Half of the sessions, always the same: one to improve a judge with, one to test it. */
export type Split = "dev" | "test";

/** A person's score of a target. */
export interface Label {
  readonly target: string;
  /** The session; the target itself if it has none. */
  readonly cluster: string;
  readonly selection: LabelSelection;
  readonly scoreId: string;
  /** From 0 to 1; `null` for a category, and for a score that is not applicable. */
  readonly value: number | null;
  /** The judge's newest score of the target; `null` if there is none. */
  readonly judge: JudgeVerdict | null;
}

export interface JudgeVerdict {
  readonly scoreId: string;
  /** From 0 to 1; `null` if the judge failed. */
  readonly value: number | null;
  readonly applicable: boolean;
}

export interface LabelledScores {
  readonly labels: readonly Label[];
  /** All scores of the judge, by session, whether people scored the targets or not. */
  readonly judged: readonly JudgedCluster[];
}

export interface AgreementOptions {
  readonly target_type: "TRACE" | "SESSION";
  /** A value at or above it is a pass. */
  readonly threshold: number;
  /** `null`: all sessions. */
  readonly split: Split | null;
  /** The same seed gives the same intervals. */
  readonly seed: number;
}

/** A target about which the judge and a person disagree. */
export interface DisagreementIds {
  readonly target: string;
  readonly selection: LabelSelection;
  readonly judge: { readonly scoreId: string; readonly value: number };
  readonly person: { readonly scoreId: string; readonly value: number };
}

/** The answer of the API, with disagreements by their ids. */
export type AgreementOfLabels = Omit<Agreement, "metric" | "threshold" | "disagreements"> & {
  readonly disagreements: readonly DisagreementIds[];
};

/** How many disagreements are listed. */
const mostDisagreements = 50;

/** People's verdict on a target. */
interface Poll {
  readonly label: Label;
  passed: number;
  people: number;
}

/**
 * How far a judge agrees with people. Only targets drawn at random count: those that people pick or correct looked
 * wrong, and would bias every figure.
 */
export function agreementOfLabels(
  { labels, judged }: LabelledScores,
  { target_type, threshold, split, seed }: AgreementOptions,
): AgreementOfLabels {
  const isIncluded = ({ cluster }: { readonly cluster: string }) =>
    split === null || splitOf(cluster) === split;
  // Resamples depend on the order, which databases do not promise.
  const ordered = inOrder(labels.filter(isIncluded), byTarget);
  const includedJudged = inOrder(judged.filter(isIncluded), () => 0);
  const polls: Poll[] = [];
  const disagreements: DisagreementIds[] = [];
  const leftOut = {
    targeted: 0,
    corrections: 0,
    ties: 0,
    without_judge: 0,
    without_value: 0,
    not_applicable: 0,
  };
  for (const label of ordered) {
    const { target, selection, scoreId, value, judge } = label;
    if (selection === "targeted") leftOut.targeted += 1;
    if (selection === "correction") leftOut.corrections += 1;
    if (value === null) {
      leftOut.without_value += 1;
      continue;
    }
    if (judge?.applicable && judge.value !== null && judge.value >= threshold !== value >= threshold) {
      const judges = { scoreId: judge.scoreId, value: judge.value };
      disagreements.push({ target, selection, judge: judges, person: { scoreId, value } });
    }
    if (selection !== "random") continue;
    let poll = polls.at(-1);
    if (poll?.label.target !== target) {
      poll = { label, passed: 0, people: 0 };
      polls.push(poll);
    }
    poll.passed += Number(value >= threshold);
    poll.people += 1;
  }
  const items = polls.flatMap((poll) => itemOf(poll, threshold, leftOut));
  const figures = agreementFigures(items, includedJudged, seed);
  const shared = polls.filter(({ people }) => people > 1);
  return {
    ...figures,
    alpha: shared.length < leastItems ? null : krippendorffAlpha(shared),
    pass_rate: {
      ...figures.pass_rate,
      judged_count: includedJudged.reduce((sum, { judged: count }) => sum + count, 0),
    },
    left_out: leftOut,
    not_enough: notEnough(target_type === "TRACE" ? "traces" : "sessions", figures, shared.length),
    disagreement_count: disagreements.length,
    disagreements: disagreements
      .toSorted(
        (one, other) => Math.abs(other.judge.value - threshold) - Math.abs(one.judge.value - threshold),
      )
      .slice(0, mostDisagreements),
  };
}

/** By cluster, then by `compare`. Sorting within clusters compares far fewer long texts than sorting everything. */
function inOrder<Item extends { readonly cluster: string }>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Item[] {
  const clusters = new Map<string, Item[]>();
  for (const item of items) {
    const members = clusters.get(item.cluster);
    if (members === undefined) clusters.set(item.cluster, [item]);
    else members.push(item);
  }
  return [...clusters.keys()].sort().flatMap((cluster) => clusters.get(cluster)?.sort(compare) ?? []);
}

function byTarget(one: Label, other: Label): number {
  return compareTexts(one.target, other.target) || compareTexts(one.scoreId, other.scoreId);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The target with the verdict of most people, or none, counted in `leftOut`. */
function itemOf({ label, passed, people }: Poll, threshold: number, leftOut: Agreement["left_out"]) {
  const { cluster, judge } = label;
  if (judge === null) leftOut.without_judge += 1;
  else if (!judge.applicable) leftOut.not_applicable += 1;
  else if (judge.value === null) leftOut.without_value += 1;
  else if (passed * 2 === people) leftOut.ties += 1;
  else {
    const judgePassed = judge.value >= threshold;
    return [{ cluster, value: judge.value, judgePassed, personPassed: passed * 2 > people }];
  }
  return [];
}

function notEnough(
  targets: string,
  { n, confusion }: ReturnType<typeof agreementFigures>,
  shared: number,
): string[] {
  const { tp, fp, fn, tn } = confusion;
  const [passed, failed] = [tp + fn, fp + tn];
  return [
    ...(n < leastItems
      ? [
          `kappa, auc and brier need ${leastItems} ${targets} that people and the judge scored: there are ${n}.`,
        ]
      : passed === 0 || failed === 0
        ? [`kappa and auc need ${targets} that people pass and ${targets} that they fail.`]
        : []),
    ...(passed < leastOfClass
      ? [`tpr and the corrected rate need ${leastOfClass} ${targets} that people pass: there are ${passed}.`]
      : []),
    ...(failed < leastOfClass
      ? [`tnr and the corrected rate need ${leastOfClass} ${targets} that people fail: there are ${failed}.`]
      : []),
    ...(shared < leastItems
      ? [`alpha needs ${leastItems} ${targets} that several people scored: there are ${shared}.`]
      : []),
  ];
}

/** The split of a session, by its FNV-1a hash (Fowler, Noll and Vo): new sessions never move the old ones. */
function splitOf(cluster: string): Split {
  let hash = 0x811c9dc5;
  for (let i = 0; i < cluster.length; i++) hash = Math.imul(hash ^ cluster.charCodeAt(i), 0x01000193);
  // The lowest bit of FNV-1a is only the parity of the text.
  return ((hash >>> 16) & 1) === 0 ? "dev" : "test";
}
