import { describe, expect, test } from "vitest";
import { z } from "zod";
import { boolean } from "../src/common/lenient.ts";
import { queryInteger, queryList, queryStrings } from "../src/common/query.ts";

describe("an integer in a query", () => {
  const schema = queryInteger({ min: 1, max: 200 });

  test.each([
    ["1", 1],
    ["200", 200],
    ["007", 7],
  ])("%j is %i", (text, value) => {
    expect(schema.parse(text)).toBe(value);
  });

  test.each([
    "",
    " ",
    "0",
    "201",
    "-1",
    "+1",
    "1.0",
    "1e1",
    "0x10",
    "1_0",
    " 1",
    "1 ",
    "ten",
    "٣",
    "NaN",
    "Infinity",
    "9007199254740993",
    "99999999999999999999999",
  ])("%j is refused", (text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });

  test("a repeated name is refused", () => {
    expect(schema.safeParse(["1", "2"]).success).toBe(false);
  });

  test("a typed client can pass a number", () => {
    expect(schema.parse(20)).toBe(20);
    expect(schema.safeParse(20.5).success).toBe(false);
  });

  test("the largest offset is the largest safe integer", () => {
    const offset = queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER });
    expect(offset.parse("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(offset.safeParse("9007199254740992").success).toBe(false);
  });
});

describe("a boolean in a query", () => {
  test("is true or false in any case, 1 or 0", () => {
    for (const value of ["true", "True", "TRUE", "1", 1, true]) expect(boolean.parse(value)).toBe(true);
    for (const value of ["false", "False", "FALSE", "0", 0, false]) expect(boolean.parse(value)).toBe(false);
  });

  test.each(["", "2", "yes", "no", " true", "null", "01"])("%j is refused", (text) => {
    expect(boolean.safeParse(text).success).toBe(false);
  });

  test("a repeated name is refused", () => {
    expect(boolean.safeParse(["true", "true"]).success).toBe(false);
  });
});

describe("a list in a query", () => {
  test("is one value or a repeated name; a comma is part of a value", () => {
    expect(queryStrings.parse("a")).toEqual(["a"]);
    expect(queryStrings.parse(["a", "b,c"])).toEqual(["a", "b,c"]);
    expect(queryStrings.parse("")).toEqual([""]);
  });

  test("has a limit, and each value its schema", () => {
    const digits = queryList(z.string().regex(/^\d$/), 2);
    expect(digits.parse(["1", "2"])).toEqual(["1", "2"]);
    for (const value of ["a", ["1", "a"], ["1", "2", "3"], [["1"]], { 0: "1" }])
      expect(digits.safeParse(value).success).toBe(false);
  });
});
