import { describe, expect, test } from "vitest";
import { type ComparedPair, comparePairs, compareSamples } from "../src/rules/statistics/comparison.ts";
import { holmAdjusted } from "../src/rules/statistics/permutation.ts";
// Made by scripts/statistics-reference.py with scipy.
import reference from "./statistics-reference.json" with { type: "json" };

/** The generator of the script. */
function* generator(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

function pairsOf(
  { seed, n, shift }: { seed: number; n: number; shift: number },
  sessions = n,
): ComparedPair[] {
  const numbers = generator(seed);
  const next = () => numbers.next().value;
  const moods = Array.from({ length: sessions }, next);
  return Array.from({ length: n }, (_, i) => {
    const base = 0.5 * (moods[i % sessions] ?? 0) + 0.3 * next();
    const a = Math.trunc((base + 0.2 * next()) * 10_000) / 10_000;
    const b = Math.trunc((base + 0.2 * next() + shift) * 10_000) / 10_000;
    return { cluster: String(i % sessions), a, b, aPassed: a >= 0.5, bPassed: b >= 0.5 };
  });
}

function swapped({ cluster, a, b, aPassed, bPassed }: ComparedPair): ComparedPair {
  return { cluster, a: b, b: a, aPassed: bPassed, bPassed: aPassed };
}

/** Three standard errors of a share of 1,000. */
const errorOfP = (p: number) => 3 * Math.sqrt((p * (1 - p)) / 1_000) + 2 / 1_000;
const widthOf = ({ low, high }: { low: number; high: number }) => high - low;

describe("comparison of pairs", () => {
  test.each(reference.paired)("has scipy's figures (seed $seed)", (expected) => {
    const figures = comparePairs(pairsOf(expected), 1);
    expect(figures.difference).toBeCloseTo(expected.difference, 9);
    expect(figures.mcnemar_p).toBeCloseTo(expected.mcnemar ?? 9, 9);
    const error = 0.1 * widthOf(expected.ci);
    expect(Math.abs((figures.ci?.low ?? 9) - expected.ci.low)).toBeLessThan(error);
    expect(Math.abs((figures.ci?.high ?? 9) - expected.ci.high)).toBeLessThan(error);
    expect(Math.abs((figures.p_value ?? 9) - expected.p_value)).toBeLessThan(errorOfP(expected.p_value));
  });

  test("tries every sign if there are few sessions, as scipy does", () => {
    expect(comparePairs(pairsOf({ seed: 5, n: 9, shift: 0.05 }), 1).p_value).toBeCloseTo(
      reference.exact_p_value,
      12,
    );
  });

  test("swapping the sides changes only the signs", () => {
    for (const sessions of [9, 40, 120]) {
      const pairs = pairsOf({ seed: 12, n: 120, shift: 0.03 }, sessions);
      const [forth, back] = [comparePairs(pairs, 3), comparePairs(pairs.map(swapped), 3)];
      expect(back).toEqual({
        ...forth,
        mean_a: forth.mean_b,
        mean_b: forth.mean_a,
        difference: -(forth.difference ?? 9),
        ci: { low: -(forth.ci?.high ?? 9), high: -(forth.ci?.low ?? 9) },
        wins: forth.losses,
        losses: forth.wins,
      });
    }
  });

  test("compares sides with the same scores in another order", () => {
    const pairs = Array.from({ length: 16 }, (_, i) => {
      const [a, b] = i % 2 === 0 ? [0.8, 0.7] : [0.7, 0.8];
      return { cluster: String(i), a, b, aPassed: null, bPassed: null };
    });
    for (const sides of [pairs, pairs.map(swapped)]) {
      expect(comparePairs(sides, 1)).toMatchObject({ difference: 0, p_value: 1, wins: 8, losses: 8 });
    }
  });

  test("neither the order of pairs nor the names of sessions change a figure", () => {
    const pairs = pairsOf({ seed: 12, n: 120, shift: 0.03 }, 40);
    const renamed = pairs.toReversed().map((pair) => ({ ...pair, cluster: `x${pair.cluster}` }));
    expect(comparePairs(renamed, 3)).toEqual(comparePairs(pairs, 3));
    expect(comparePairs(pairs, 4).ci).not.toEqual(comparePairs(pairs, 3).ci);
  });

  test("figures stay within their bounds", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const n = 1 + ((seed * 7) % 60);
      const figures = comparePairs(pairsOf({ seed: seed * 7_919, n, shift: 0.02 }, 1 + (seed % n)), seed);
      const { p_value: p, ci, difference, wins, losses, ties } = figures;
      expect(wins + losses + ties).toBe(n);
      if (p === null || ci === null || difference === null) {
        expect(figures).toMatchObject({ p_value: null, ci: null, detectable: null });
        continue;
      }
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(ci.low).toBeLessThanOrEqual(difference);
      expect(ci.high).toBeGreaterThanOrEqual(difference);
    }
  });

  test("finds the detectable difference in about 80 % of samples", () => {
    const shift = 0.03;
    let [found, detectable] = [0, 0];
    const trials = 200;
    for (let seed = 1; seed <= trials; seed++) {
      const figures = comparePairs(pairsOf({ seed: seed * 7_919, n: 60, shift }), seed);
      detectable += (figures.detectable ?? 0) / trials;
      if ((figures.p_value ?? 1) <= 0.05) found += 1;
    }
    // The shift in standard errors gives the power that was measured, whatever the shift.
    const power = normalCdf((shift / detectable) * (1.959964 + 0.841621) - 1.959964);
    expect(Math.abs(found / trials - power)).toBeLessThan(0.1);
  });

  test("raises a false alarm in at most 5 % of comparisons of a version with itself", {
    tags: ["slow"],
  }, () => {
    const simulations = 1_000;
    let alarms = 0;
    for (let seed = 1; seed <= simulations; seed++) {
      const { p_value } = comparePairs(pairsOf({ seed: seed * 104_729, n: 60, shift: 0 }, 20), seed);
      if ((p_value ?? 1) <= 0.05) alarms += 1;
    }
    expect(alarms / simulations).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / simulations));
  });

  test("five sessions have no interval and no p-value, six have both", () => {
    const [five, six] = [5, 6].map((sessions) =>
      comparePairs(pairsOf({ seed: 11, n: 12, shift: 0.3 }, sessions), 1),
    );
    expect(five).toMatchObject({ sessions: 5, ci: null, p_value: null, detectable: null, mcnemar_p: null });
    // All of them improved: 2 of 64 assignments of signs are as extreme.
    expect(six).toMatchObject({ sessions: 6, p_value: 2 / 64 });
  });

  test("many pairs have an exact McNemar p-value without overflow", () => {
    const pairs = Array.from({ length: 4_000 }, (_, i) => ({
      cluster: String(i),
      a: i % 2,
      b: (i + 1) % 2,
      aPassed: i % 2 === 1,
      bPassed: i % 2 === 0,
    }));
    expect(comparePairs(pairs, 1).mcnemar_p).toBe(1);
  });
});

describe("comparison of samples that share no case", () => {
  const scoresOf = (seed: number, n: number, shift: number) =>
    pairsOf({ seed, n, shift: 0 }).map(({ cluster, a }) => ({ cluster, value: a + shift }));

  test.each(reference.unpaired)("has scipy's figures (seed $seed)", (expected) => {
    const { seed, n, m, shift } = expected;
    const figures = compareSamples(scoresOf(seed, n, 0), scoresOf(seed + 1, m, shift), 1);
    expect(figures.difference).toBeCloseTo(expected.difference, 9);
    const error = 0.1 * widthOf(expected.ci);
    expect(Math.abs((figures.ci?.low ?? 9) - expected.ci.low)).toBeLessThan(error);
    expect(Math.abs((figures.ci?.high ?? 9) - expected.ci.high)).toBeLessThan(error);
    expect(Math.abs((figures.p_value ?? 9) - expected.p_value)).toBeLessThan(errorOfP(expected.p_value));
  });

  test("swapping the sides changes only the signs", () => {
    const [a, b] = [scoresOf(1, 40, 0), scoresOf(2, 70, 0.03)];
    const [forth, back] = [compareSamples(a, b, 3), compareSamples(b, a, 3)];
    expect(back).toEqual({
      ...forth,
      mean_a: forth.mean_b,
      mean_b: forth.mean_a,
      difference: -(forth.difference ?? 9),
      ci: { low: -(forth.ci?.high ?? 9), high: -(forth.ci?.low ?? 9) },
    });
  });

  test("finds an existing difference, and its sign", () => {
    const figures = compareSamples(scoresOf(1, 200, 0), scoresOf(2, 150, -0.1), 1);
    expect(figures.difference).toBeLessThan(-0.05);
    expect(figures.ci?.high).toBeLessThan(0);
    expect(figures.p_value).toBeLessThan(0.01);
  });

  test("raises a false alarm in at most 5 % of splits of one version", { tags: ["nightly", "slow"] }, () => {
    const simulations = 1_000;
    let alarms = 0;
    for (let seed = 1; seed <= simulations; seed++) {
      const { p_value } = compareSamples(scoresOf(seed * 31, 40, 0), scoresOf(seed * 31 + 7, 40, 0), seed);
      if ((p_value ?? 1) <= 0.05) alarms += 1;
    }
    expect(alarms / simulations).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / simulations));
  });

  test("a side without scores has no figures", () => {
    expect(compareSamples([], scoresOf(1, 5, 0), 1)).toMatchObject({
      sessions: 0,
      mean_a: null,
      difference: null,
      p_value: null,
    });
  });
});

test("Holm's adjustment", () => {
  const { p, adjusted } = reference.holm;
  for (const [i, value] of holmAdjusted(p).entries()) expect(value).toBeCloseTo(adjusted[i] ?? 9, 12);
  expect(holmAdjusted([0.6, 0.9])).toEqual([1, 1]);
});

/** The standard normal distribution, by the sum of its density. */
function normalCdf(z: number): number {
  let area = 0;
  for (let x = -8; x < z; x += 0.001) area += Math.exp(-(x * x) / 2) * 0.001;
  return area / Math.sqrt(2 * Math.PI);
}
