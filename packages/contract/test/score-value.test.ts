import { scoreValueError } from "@pandaprobe/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("NUMERIC", () => {
  test.each(["0", "1", "0.85", ".5", "1.0", "1.000", "0.0", "00.5", "01", "0.000000000000000000001"])(
    "takes %j",
    (value) => {
      expect(scoreValueError("NUMERIC", value)).toBeNull();
    },
  );

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
    "5e-1",
    "1e0",
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
    expect(scoreValueError("NUMERIC", value)).toMatch(/^must be a plain decimal from 0 to 1/);
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

test("BOOLEAN is exactly true or false", () => {
  expect(scoreValueError("BOOLEAN", "true")).toBeNull();
  expect(scoreValueError("BOOLEAN", "false")).toBeNull();
  for (const value of ["", "True", "TRUE", "1", "0", "yes", " true"])
    expect(scoreValueError("BOOLEAN", value)).not.toBeNull();
});

test("CATEGORICAL has 1 to 255 characters, however many bytes they take", () => {
  for (const value of ["PASS", " ", "é".repeat(255), "👍".repeat(255)])
    expect(scoreValueError("CATEGORICAL", value)).toBeNull();
  for (const value of ["", "x".repeat(256), "👍".repeat(256), "x".repeat(10_000_000)])
    expect(scoreValueError("CATEGORICAL", value)).not.toBeNull();
});
