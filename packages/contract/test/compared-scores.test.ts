import { describe, expect, test } from "vitest";
import { comparisonOfScores, type SideScore, withVerdicts } from "../src/rules/index.ts";

let ids = 0;
const score = (value: number | null, fields: Partial<SideScore> = {}): SideScore => {
  ids += 1;
  const id = `id ${ids}`;
  const passed = value === null ? null : value >= 0.5;
  return { id, key: null, cluster: id, value, passed, applicable: true, ...fields };
};
const compare = (a: readonly SideScore[], b: readonly SideScore[], isPaired = true) =>
  comparisonOfScores({ a, b }, { isPaired, seed: 1 });
/** Scores of cases `0`, `1`, …, each in a session of its own. */
const cases = (values: readonly (number | null)[], fields?: Partial<SideScore>) =>
  values.map((value, i) => score(value, { key: String(i), ...fields }));
const ten = Array.from({ length: 10 }, (_, i) => 0.6 + i / 100);

describe("scores of one metric", () => {
  test("are averaged per case and side, and paired by their keys", () => {
    const first = { key: "one" };
    const compared = compare(
      [score(0.4, first), score(0.8, first), score(0.5, { key: "only here" })],
      [score(0.3, first), score(0.5, first), score(0.4, first), score(1)],
    );
    expect(compared).toMatchObject({
      pair_count: 1,
      session_count: 1,
      a: { score_count: 2, unpaired_count: 1, pass_rate: 0.5 },
      b: { score_count: 3, unpaired_count: 1 },
      losses: 1,
      wins: 0,
    });
    expect(compared.a.mean).toBeCloseTo(0.6, 12);
    expect(compared.difference).toBeCloseTo(-0.2, 12);
    expect(compared.regressions).toMatchObject([{ a: { score_count: 2 }, b: { score_count: 3 } }]);
  });

  test("without a number or without anything to judge are counted and left out", () => {
    const notApplicable = score(1, { key: "0", applicable: false, passed: null });
    const compared = compare([...cases([0.5, null]), notApplicable], cases([0.5, 0.5]));
    expect(compared).toMatchObject({
      pair_count: 1,
      a: { score_count: 1, not_applicable_count: 1, without_value_count: 1, unpaired_count: 0 },
      b: { score_count: 1, unpaired_count: 1 },
      difference: 0,
    });
  });

  test("cases that share a session on either side vary together", () => {
    const a = cases(ten).map((one, i) => ({ ...one, cluster: `a${Math.floor(i / 2)}` }));
    const b = cases(ten).map((one, i) => ({ ...one, cluster: `b${Math.floor((i + 1) / 2)}` }));
    expect(compare(a, cases(ten)).session_count).toBe(5);
    expect(compare(cases(ten), b).session_count).toBe(6);
    expect(compare(a, b).session_count).toBe(1);
  });

  test("the worst regressions come first, 20 at most, with the scores that differ most", () => {
    const before = Array.from({ length: 30 }, () => 0.9);
    const after = before.map((value, i) => value - i / 100);
    const [a, b] = [cases(before), cases(after)];
    const { regressions, losses } = compare(a, [...b, score(0, { key: "29" })]);
    expect(losses).toBe(29);
    expect(regressions).toHaveLength(20);
    expect(regressions[0]?.a).toEqual({ value: 0.9, score_count: 1, score_id: a[29]?.id });
    expect(regressions[0]?.b).toMatchObject({ score_count: 2, score_id: `id ${ids}` });
    const differences = regressions.map(({ difference }) => difference);
    expect(differences).toEqual(differences.toSorted((one, other) => one - other));
  });
});

describe("verdicts", () => {
  const worse = ten.map((value) => value - 0.2);
  const judged = (...sides: readonly (readonly [readonly number[], readonly number[]])[]) =>
    withVerdicts(sides.map(([a, b], i) => ({ metric: `m${i}`, ...compare(cases(a), cases(b)) })));

  test("depend on the p-value and the sign", () => {
    expect(judged([ten, worse])).toMatchObject({ verdict: "regressed", metrics: [{ verdict: "regressed" }] });
    expect(judged([worse, ten]).verdict).toBe("improved");
    expect(judged([ten, ten]).verdict).toBe("no_significant_difference");
    expect(judged([ten.slice(0, 5), worse.slice(0, 5)])).toMatchObject({
      verdict: "not_enough",
      metrics: [{ p_value: null, p_adjusted: null, wins: 0, losses: 5 }],
    });
    expect(judged([worse, ten], [ten, worse], [ten, ten]).verdict).toBe("regressed");
  });

  test("are harder to reach with more metrics", () => {
    // Six sessions that all got worse: p = 2 ÷ 64.
    const [six, lower] = [ten.slice(0, 6), worse.slice(0, 6)] as const;
    expect(judged([six, lower]).metrics[0]).toMatchObject({ verdict: "regressed", p_adjusted: 2 / 64 });
    const two = judged([six, lower], [six, six]);
    expect(two.metrics[0]).toMatchObject({
      verdict: "no_significant_difference",
      p_value: 2 / 64,
      p_adjusted: 4 / 64,
    });
  });

  test("say so in a sentence", () => {
    const summaries = judged([ten, worse], [worse, ten], [ten, ten]).metrics.map(({ summary }) => summary);
    expect(summaries).toEqual([
      "Worse: m0 is 0.445 after 0.645 (−0.200, 95 % interval −0.200 to −0.200, p = 0.0059) over 10 pairs in 10 sessions. 10 got worse and 0 better.",
      "Better: m1 is 0.645 after 0.445 (+0.200, 95 % interval +0.200 to +0.200, p = 0.0059) over 10 pairs in 10 sessions. 0 got worse and 10 better.",
      "No significant difference: m2 is 0.645 after 0.645 (+0.000, 95 % interval +0.000 to +0.000, p = 1.0) over 10 pairs in 10 sessions. A difference of 0.000 would show in 80 % of such comparisons.",
    ]);
    expect(judged([ten.slice(0, 2), ten]).metrics[0]?.summary).toBe(
      "Not enough to compare m0: it needs scores from 6 sessions on both sides, and there are 2 pairs in 2 sessions.",
    );
    const unpaired = compare(cases(ten), cases(worse), false);
    expect(withVerdicts([{ metric: "m", ...unpaired }]).metrics[0]?.summary).toMatch(
      /^Worse: m is 0.445 after 0.645 \(.*\) over 10 scores and 10 scores, not paired\.$/,
    );
  });
});
