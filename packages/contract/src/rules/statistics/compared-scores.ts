import type { MetricComparison } from "../../comparisons.ts";
import { type ComparedPair, type ComparisonFigures, comparePairs, compareSamples } from "./comparison.ts";

/** A score of one side. */
export interface SideScore {
  readonly id: string;
  /** What pairs it with scores of the other side; `null` if its trace has no such field. */
  readonly key: string | null;
  /** The session; the trace itself if it has none. */
  readonly cluster: string;
  /** From 0 to 1; `null` for a category, and if the judge failed. */
  readonly value: number | null;
  /** `null` if it has no threshold. */
  readonly passed: boolean | null;
  readonly applicable: boolean;
}

export interface ComparedScores {
  readonly a: readonly SideScore[];
  readonly b: readonly SideScore[];
}

export interface ComparisonOptions {
  readonly isPaired: boolean;
  /** The same seed gives the same figures. */
  readonly seed: number;
}

/** A case that got worse. */
export interface RegressionIds {
  readonly difference: number;
  readonly a: RegressedIds;
  readonly b: RegressedIds;
}

export interface RegressedIds {
  readonly value: number;
  readonly score_count: number;
  readonly score_id: string;
}

/** The response, before metrics are judged together, with regressions by their ids. */
export type ComparisonOfScores = Omit<
  MetricComparison,
  "metric" | "verdict" | "summary" | "p_adjusted" | "regressions"
> & { readonly regressions: readonly RegressionIds[] };

/** How many regressions are listed. */
const mostRegressions = 20;

/** A score with a number. */
type Scored = SideScore & { readonly value: number };

/** All scores of a case on one side. */
interface CaseSide {
  readonly scores: readonly Scored[];
  readonly mean: number;
  readonly passed: boolean | null;
}

interface Case {
  readonly key: string;
  readonly a: CaseSide;
  readonly b: CaseSide;
}

/** Compares the scores of one metric. Several scores of a case are averaged per side. */
export function comparisonOfScores(
  { a, b }: ComparedScores,
  { isPaired, seed }: ComparisonOptions,
): ComparisonOfScores {
  const [scoredA, scoredB] = [a.filter(isScored), b.filter(isScored)];
  if (!isPaired) {
    const figures = compareSamples(scoredA, scoredB, seed);
    return {
      ...shownFigures(figures),
      pair_count: null,
      a: { ...sideFigures(a, scoredA), mean: figures.mean_a, unpaired_count: 0 },
      b: { ...sideFigures(b, scoredB), mean: figures.mean_b, unpaired_count: 0 },
      mcnemar_p: null,
      wins: null,
      losses: null,
      ties: null,
      regressions: [],
    };
  }
  const cases = casesOf(scoredA, scoredB);
  const { mcnemar_p, wins, losses, ties, ...figures } = comparePairs(pairsOf(cases), seed);
  const [pairedA, pairedB] = [cases.flatMap((one) => one.a.scores), cases.flatMap((one) => one.b.scores)];
  return {
    ...shownFigures(figures),
    pair_count: cases.length,
    a: {
      ...sideFigures(a, pairedA),
      mean: figures.mean_a,
      unpaired_count: scoredA.length - pairedA.length,
    },
    b: {
      ...sideFigures(b, pairedB),
      mean: figures.mean_b,
      unpaired_count: scoredB.length - pairedB.length,
    },
    mcnemar_p,
    wins,
    losses,
    ties,
    regressions: worst(cases),
  };
}

function isScored(score: SideScore): score is Scored {
  return score.applicable && score.value !== null;
}

function shownFigures({ sessions, difference, ci, p_value, detectable }: ComparisonFigures) {
  return { session_count: sessions, difference, ci, p_value, detectable_difference: detectable };
}

function sideFigures(all: readonly SideScore[], counted: readonly Scored[]) {
  const graded = counted.filter(({ passed }) => passed !== null);
  const passes = graded.filter(({ passed }) => passed).length;
  return {
    score_count: counted.length,
    pass_rate: graded.length === 0 ? null : passes / graded.length,
    not_applicable_count: all.filter(({ applicable }) => !applicable).length,
    without_value_count: all.filter(({ applicable, value }) => applicable && value === null).length,
  };
}

/** The cases with scores on both sides, by their keys. */
function casesOf(a: readonly Scored[], b: readonly Scored[]): Case[] {
  const [byKeyA, byKeyB] = [byKey(a), byKey(b)];
  const cases: Case[] = [];
  for (const [key, scoresA] of byKeyA) {
    const scoresB = byKeyB.get(key);
    if (scoresB !== undefined) cases.push({ key, a: caseSide(scoresA), b: caseSide(scoresB) });
  }
  return cases;
}

function byKey(scores: readonly Scored[]): Map<string, Scored[]> {
  const groups = new Map<string, Scored[]>();
  for (const score of scores) {
    if (score.key === null) continue;
    const group = groups.get(score.key);
    if (group === undefined) groups.set(score.key, [score]);
    else group.push(score);
  }
  return groups;
}

function caseSide(found: readonly Scored[]): CaseSide {
  const [only] = found;
  if (only !== undefined && found.length === 1)
    return { scores: found, mean: only.value, passed: only.passed };
  // Always in the same order, so that sums round alike.
  const scores = found.toSorted((one, other) => one.value - other.value);
  const [first] = scores;
  const agree = scores.every(({ passed }) => passed === first?.passed);
  return {
    scores,
    mean: scores.reduce((sum, { value }) => sum + value, 0) / scores.length,
    passed: agree ? (first?.passed ?? null) : null,
  };
}

/** Cases that share a session on either side, directly or through others, vary together, so they are one cluster. */
function pairsOf(cases: readonly Case[]): ComparedPair[] {
  const groups = new Groups();
  const [sessionsA, sessionsB] = [new Map<string, number>(), new Map<string, number>()];
  const members = cases.map(({ a, b }) => {
    const group = groups.add();
    for (const { cluster } of a.scores) groups.joinAt(sessionsA, cluster, group);
    for (const { cluster } of b.scores) groups.joinAt(sessionsB, cluster, group);
    return group;
  });
  return cases.map(({ a, b }, i) => ({
    cluster: String(groups.of(members[i] ?? i)),
    a: a.mean,
    b: b.mean,
    aPassed: a.passed,
    bPassed: b.passed,
  }));
}

/** A union-find structure (Galler and Fischer, An Improved Equivalence Algorithm, 1964), with path halving. */
class Groups {
  /** A root is its own parent. */
  readonly #parents: number[] = [];

  /** A new group. @returns its only member */
  add(): number {
    return this.#parents.push(this.#parents.length) - 1;
  }

  /** Joins a member with the one that came first under this name. */
  joinAt(places: Map<string, number>, name: string, member: number): void {
    const first = places.get(name);
    if (first === undefined) places.set(name, member);
    else this.#parents[this.of(member)] = this.of(first);
  }

  /** The same for all members of a group. */
  of(member: number): number {
    let at = member;
    for (;;) {
      const parent = this.#parents[at] ?? at;
      if (parent === at) return at;
      this.#parents[at] = this.#parents[parent] ?? parent;
      at = parent;
    }
  }
}

function worst(cases: readonly Case[]): RegressionIds[] {
  return cases
    .map((one) => ({ ...one, difference: one.b.mean - one.a.mean }))
    .filter(({ difference }) => difference < -1e-9)
    .sort((one, other) => one.difference - other.difference || (one.key < other.key ? -1 : 1))
    .slice(0, mostRegressions)
    .map(({ a, b, difference }) => ({
      difference,
      a: regressed(a, (value, best) => value > best),
      b: regressed(b, (value, best) => value < best),
    }));
}

function regressed({ scores, mean }: CaseSide, isBetter: (value: number, best: number) => boolean) {
  const shown = scores.reduce((best, score) => (isBetter(score.value, best.value) ? score : best));
  return { value: mean, score_count: scores.length, score_id: shown.id };
}
