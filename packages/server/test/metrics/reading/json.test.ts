import { describe, expect, test } from "vitest";
import { parseIfJson } from "../../../src/metrics/reading/json.ts";

const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${"}]".repeat(depth / 2)}`;

describe("parseIfJson", () => {
  test.each(['{"a": [1]}', " [1, 2]", '["[[[[[", "\\"[", {"{": "}"}]', nested(200)])("parses %s", (text) => {
    expect(parseIfJson(text)).toEqual(JSON.parse(text));
  });

  test.each(["", "Paris", "42", "{a: 1}", "[1,", `[${'"['.repeat(2000)}`])("leaves %s unchanged", (text) => {
    expect(parseIfJson(text)).toBe(text);
  });

  test.each([258, 100_000])("leaves JSON that is nested %i levels deep as text", (depth) => {
    expect(parseIfJson(nested(depth))).toBe(nested(depth));
  });

  test("does not count brackets inside strings as nesting", () => {
    const text = JSON.stringify({ a: "[".repeat(5000), b: '"[{'.repeat(1000) });
    expect(parseIfJson(text)).toEqual(JSON.parse(text));
  });
});
