import { describe, expect, test } from "vitest";
import { parseIfJson } from "../../../src/metrics/reading/parse-json.ts";

const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${"}]".repeat(depth / 2)}`;

describe("text that is JSON", () => {
  test.each(['{"a": [1]}', " [1, 2]", '["[[[[[", "\\"[", {"{": "}"}]', nested(200)])(
    "is read: %s",
    (text) => {
      expect(parseIfJson(text)).toEqual(JSON.parse(text));
    },
  );

  test.each(["", "Paris", "42", "{a: 1}", "[1,", `[${'"['.repeat(2000)}`])(
    "else stays as it is: %s",
    (text) => {
      expect(parseIfJson(text)).toBe(text);
    },
  );

  test.each([258, 100_000])("stays text where it nests %i levels deep", (depth) => {
    expect(parseIfJson(nested(depth))).toBe(nested(depth));
  });

  test("with brackets in its strings is no deeper for them", () => {
    const text = JSON.stringify({ a: "[".repeat(5000), b: '"[{'.repeat(1000) });
    expect(parseIfJson(text)).toEqual(JSON.parse(text));
  });
});
