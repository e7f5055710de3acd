import { describe, expect, test } from "vitest";
import {
  type AgreementFigures,
  agreementFigures,
  areaUnderCurve,
  cohensKappa,
  correctedRate,
  type LabelledItem,
} from "../src/rules/statistics/agreement.ts";
import { krippendorffAlpha } from "../src/rules/statistics/krippendorff-alpha.ts";
import { SeededRandom } from "../src/rules/statistics/random.ts";
// Made by scripts/statistics-reference.py with scikit-learn, scipy and krippendorff.
import reference from "./statistics-reference.json" with { type: "json" };

/** The same random number generator as the script's. */
function* generator(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

function sample({ seed, n, sessions }: { seed: number; n: number; sessions: number }): LabelledItem[] {
  const numbers = generator(seed);
  const next = () => numbers.next().value;
  const moods = Array.from({ length: sessions }, next);
  return Array.from({ length: n }, (_, i) => {
    const quality = 0.5 * (moods[i % sessions] ?? 0) + 0.5 * next();
    const value = Math.floor((0.6 * quality + 0.4 * next()) * 100) / 100;
    return { cluster: String(i % sessions), value, judgePassed: value >= 0.5, personPassed: quality >= 0.45 };
  });
}

const judgedOf = (items: readonly LabelledItem[]) =>
  items.map(({ cluster, judgePassed }) => ({ cluster, passed: Number(judgePassed), judged: 1 }));
const figuresOf = (items: readonly LabelledItem[], seed = 1): AgreementFigures =>
  agreementFigures(items, judgedOf(items), seed);
const widthOf = ({ low, high }: { low: number; high: number }) => high - low;

describe("agreement", () => {
  test.each(Object.entries(reference.agreement))(
    "the figures of the %s sample are scikit-learn's",
    (_, expected) => {
      const figures = figuresOf(sample(expected));
      expect(figures.confusion).toEqual(expected.confusion);
      for (const name of ["kappa", "tpr", "tnr", "auc", "brier"] as const) {
        expect(figures[name], name).toBeCloseTo(expected[name], 9);
      }
      expect(figures.pass_rate.judge).toBeCloseTo(expected.judge, 9);
      expect(figures.pass_rate.corrected).toBeCloseTo(expected.corrected, 9);
    },
  );

  test("the interval of κ is scipy's, up to the error of 1,000 resamples", () => {
    const interval = figuresOf(sample(reference.agreement.balanced)).kappa_ci;
    expect(interval?.low).toBeCloseTo(reference.kappa_ci.low, 1);
    expect(interval?.high).toBeCloseTo(reference.kappa_ci.high, 1);
    expect(Math.abs((interval?.low ?? 9) - reference.kappa_ci.low)).toBeLessThan(0.02);
    expect(Math.abs((interval?.high ?? 9) - reference.kappa_ci.high)).toBeLessThan(0.02);
  });

  test("sessions of like targets widen the interval", () => {
    const items = sample(reference.agreement.clustered);
    const alone = items.map((item, i) => ({ ...item, cluster: String(i) }));
    const [clustered, single] = [figuresOf(items).pass_rate.ci, figuresOf(alone).pass_rate.ci];
    expect(widthOf(clustered ?? { low: 0, high: 0 })).toBeGreaterThan(
      1.2 * widthOf(single ?? { low: 0, high: 9 }),
    );
  });

  test("the same seed gives the same intervals, another seed others", () => {
    const items = sample(reference.agreement.balanced);
    expect(figuresOf(items, 5)).toEqual(figuresOf(items, 5));
    expect(figuresOf(items, 6).kappa_ci).not.toEqual(figuresOf(items, 5).kappa_ci);
  });

  test("fewer than 30 targets have no κ, and fewer than 10 of a class no rate", () => {
    const items = sample(reference.agreement.balanced);
    expect(figuresOf(items.slice(0, 29))).toMatchObject({
      n: 29,
      kappa: null,
      kappa_ci: null,
      auc: null,
      brier: null,
    });
    const passed = items.filter(({ personPassed }) => personPassed).slice(0, 40);
    const failed = items.filter(({ personPassed }) => !personPassed);
    expect(figuresOf([...passed, ...failed.slice(0, 9)])).toMatchObject({
      tnr: null,
      pass_rate: { corrected: null, ci: null },
    });
    expect(figuresOf([...passed, ...failed.slice(0, 10)]).tnr).not.toBeNull();
  });

  test("κ and AUC are null if people only passed, or only failed", () => {
    const items = sample(reference.agreement.balanced);
    for (const personPassed of [true, false]) {
      const figures = figuresOf(items.map((item) => ({ ...item, personPassed })));
      expect(figures).toMatchObject({ kappa: null, kappa_ci: null, auc: null });
      expect(figures.brier).not.toBeNull();
    }
  });

  test("a corrected rate stays in [0, 1], and needs a judge better than chance", () => {
    expect(correctedRate(0.5, 0.9, 0.8)).toBeCloseTo(0.3 / 0.7, 12);
    expect(correctedRate(0.05, 0.9, 0.8)).toBe(0);
    expect(correctedRate(0.99, 0.9, 0.8)).toBe(1);
    expect(correctedRate(0.5, 0.5, 0.5)).toBeNull();
  });

  test("swapping judge and people keeps κ, and swapping the labels too", () => {
    const items = sample(reference.agreement.small);
    const { tp, fp, fn, tn } = figuresOf(items).confusion;
    const kappa = cohensKappa({ tp, fp, fn, tn });
    expect(cohensKappa({ tp, fp: fn, fn: fp, tn })).toBeCloseTo(kappa ?? 9, 12);
    expect(cohensKappa({ tp: tn, fp: fn, fn: fp, tn: tp })).toBeCloseTo(kappa ?? 9, 12);
    const flipped = items.map((item) => ({ ...item, personPassed: !item.personPassed }));
    expect((areaUnderCurve(items) ?? 9) + (areaUnderCurve(flipped) ?? 9)).toBeCloseTo(1, 12);
  });
});

describe("Krippendorff's α", () => {
  test("is that of the krippendorff package, with missing ratings", () => {
    const numbers = generator(99);
    const next = () => numbers.next().value;
    const ratings = Array.from({ length: 60 }, () => {
      const quality = next();
      const raters = 1 + Math.floor(next() * 4);
      const votes = Array.from({ length: raters }, () => quality + 0.5 * (next() - 0.5) >= 0.5);
      return { passed: votes.filter(Boolean).length, people: raters };
    });
    expect(krippendorffAlpha(ratings)).toBeCloseTo(reference.alpha, 9);
  });

  test("is 1 if all agree, null without variety or without a second rater", () => {
    const [yes, no] = [
      { passed: 3, people: 3 },
      { passed: 0, people: 2 },
    ];
    expect(krippendorffAlpha([yes, no, yes])).toBe(1);
    expect(krippendorffAlpha([yes, yes])).toBeNull();
    expect(
      krippendorffAlpha([
        { passed: 1, people: 1 },
        { passed: 0, people: 1 },
      ]),
    ).toBeNull();
  });
});

test("random numbers repeat with their seed, and are evenly distributedly distributed", () => {
  const [one, same, other] = [new SeededRandom(1), new SeededRandom(1), new SeededRandom(2)];
  const draws = Array.from({ length: 20_000 }, () => one.index(10));
  const [together, others] = [new Uint32Array(20_000), new Uint32Array(20_000)];
  same.fill(together, 10);
  other.fill(others, 10);
  expect(draws).toEqual([...together]);
  expect(draws).not.toEqual([...others]);
  for (let digit = 0; digit < 10; digit++) {
    expect(draws.filter((draw) => draw === digit).length).toBeGreaterThan(1_800);
  }
});
