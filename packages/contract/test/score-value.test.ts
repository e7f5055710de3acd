import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalScoreValue, scoreValueError } from "../src/score-value.ts";

describe("NUMERIC", () => {
  test.each([
    "0",
    "1",
    "0.85",
    ".5",
    "1.0",
    "1.000",
    "0.0",
    "00.5",
    "01",
    "0.000000000000000000001",
    "5e-1",
    "1e0",
  ])("takes %j", (value) => {
    expect(scoreValueError("NUMERIC", value)).toBeNull();
  });

  test.each([
    "",
    " ",
    ".",
    "1.",
    "0.",
    "+0.5",
    "-0",
    "-0.5",
    "1.01",
    "1.0000000000000000000000001",
    "2",
    "10",
    "1e1",
    "-5e-1",
    "e-1",
    ".e-1",
    "5e",
    "5e-",
    "1e-300",
    "0x1",
    "0,5",
    " 0.5",
    "0.5 ",
    "0.5\n",
    "NaN",
    "Infinity",
    "nan",
    "true",
    "½",
    "٠.٥",
    "0.5.5",
    `0.${"1".repeat(300)}`,
  ])("refuses %j", (value) => {
    expect(scoreValueError("NUMERIC", value)).toMatch(/^must be a decimal from 0 to 1/);
  });

  test("accepts exactly the decimals from 0 to 1", () => {
    const decimal = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.stringMatching(/^\d{1,30}$/));
    fc.assert(
      fc.property(decimal, ([whole, fraction]) => {
        const isWithin = whole === 0 || (whole === 1 && /^0+$/.test(fraction));
        expect(scoreValueError("NUMERIC", `${whole}.${fraction}`) === null).toBe(isWithin);
      }),
    );
  });
});

test.each([
  ["1e-05", "0.00001"],
  ["5E-1", "0.5"],
  ["12.50e-2", "0.125"],
  [".5e0", "0.5"],
  ["1e0", "1"],
  ["0.01e+2", "1"],
  ["0e5", "0"],
  ["0.0e-3", "0"],
  ["0.850", "0.850"],
])("NUMERIC %s is stored as %s", (value, stored) => {
  expect(canonicalScoreValue("NUMERIC", value)).toBe(stored);
});

test("an exponent changes the notation, never the number", () => {
  const number = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(number, (value) => {
      const stored = canonicalScoreValue("NUMERIC", value.toExponential());
      expect(Number(stored)).toBe(value);
      expect(stored).toMatch(/^\d+(?:\.\d*[1-9])?$/);
    }),
  );
});

test("BOOLEAN is true or false, and stored in lower case", () => {
  for (const value of ["true", "false", "True", "FALSE"]) {
    expect(scoreValueError("BOOLEAN", value)).toBeNull();
    expect(canonicalScoreValue("BOOLEAN", value)).toBe(value.toLowerCase());
  }
  for (const value of ["", "1", "0", "yes", " true"])
    expect(scoreValueError("BOOLEAN", value)).not.toBeNull();
});

test("CATEGORICAL has 1 to 255 characters, however many bytes they take", () => {
  for (const value of ["PASS", " ", "é".repeat(255), "👍".repeat(255)])
    expect(scoreValueError("CATEGORICAL", value)).toBeNull();
  for (const value of ["", "x".repeat(256), "👍".repeat(256), "x".repeat(10_000_000)])
    expect(scoreValueError("CATEGORICAL", value)).not.toBeNull();
});
