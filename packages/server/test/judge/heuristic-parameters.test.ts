import { expect, test } from "vitest";
import {
  createParameterPrints,
  parameterSimilarity,
} from "../../src/judge/heuristic/compare/similar-parameters.ts";

function similarity(a: object, b: object): number {
  const print = createParameterPrints();
  return parameterSimilarity(print({ ...a }), print({ ...b }));
}

test.each([
  [{}, {}, 1],
  [{ a: 1 }, {}, 0],
  [{ a: 1, b: "x" }, { a: 1, b: "y" }, 0.5],
  [{ a: { n: [1] } }, { a: { n: [1] } }, 1],
  [{ a: 1 }, { a: "1" }, 0],
  [{ a: 1, b: 2 }, { a: 1, c: 2 }, 1 / 3],
])("the similarity of %j and %j is %d", (a, b, expected) => {
  expect(similarity(a, b)).toBeCloseTo(expected);
  expect(similarity(b, a)).toBeCloseTo(expected);
});

test("each value is serialized once, whatever the number of comparisons", () => {
  let written = 0;
  const value = { toJSON: () => written++ };
  const print = createParameterPrints();
  const prints = Array.from({ length: 40 }, () => print({ value }));
  for (const a of prints) for (const b of prints) parameterSimilarity(a, b);
  expect(written).toBe(40);
});

test("only some parameters are compared if a call has very many", () => {
  const many = Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`k${i}`, i]));
  expect(createParameterPrints()(many).size).toBeLessThan(1_000);
  expect(similarity(many, { ...many, last: 1 })).toBe(1);
});
