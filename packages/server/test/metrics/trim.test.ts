import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fit } from "../../src/metrics/trim/fit.ts";
import { trimText } from "../../src/metrics/trim/text.ts";
import { waterLevel } from "../../src/metrics/trim/water-level.ts";

describe("trimText", () => {
  it("leaves a text that fits unchanged", () => {
    expect(trimText("abc", 3)).toBe("abc");
  });

  it("cuts the middle, says how much is missing, and keeps both ends", () => {
    const text = `${"a".repeat(10_000)}${"b".repeat(10_000)}`;
    const cut = trimText(text, 1_000);
    expect(cut).toMatch(/^a+… \[19,\d{3} characters left out\] …b+$/);
    expect(cut.length).toBeLessThanOrEqual(1_000);
    expect(cut.length).toBeGreaterThan(990);
    const left = Number(/\[([\d,]+) /.exec(cut)?.[1]?.replace(",", ""));
    expect(left + cut.replace(/…[^…]*…/, "").length).toBe(text.length);
  });

  it("never splits a surrogate pair", () => {
    const text = "😀".repeat(200);
    for (let max = 40; max < 120; max++) expect(trimText(text, max).isWellFormed()).toBe(true);
  });

  it("never exceeds the limit, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.integer({ min: 50, max: 400 }),
        (text, max) => {
          const cut = trimText(text, max);
          expect(cut.length).toBeLessThanOrEqual(Math.max(max, 0));
          expect(cut.isWellFormed()).toBe(text.isWellFormed());
        },
      ),
    );
  });
});

describe("waterLevel", () => {
  it.each([
    [[10, 10, 10], 30, Number.POSITIVE_INFINITY],
    [[10, 10, 10], 15, 5],
    [[1, 2, 100], 13, 10],
    [[100, 100, 1], 21, 10],
    [[5], 0, 0],
    [[5, 5], -3, 0],
    [[], 10, Number.POSITIVE_INFINITY],
  ])("%j in %d: %d", (lengths, room, level) => {
    expect(waterLevel(lengths, room)).toBe(level);
  });
});

describe("fit", () => {
  it("cuts the longest values first, and keeps short ones whole", () => {
    const value = { short: "stays as it is", long: "L".repeat(50_000), longer: "X".repeat(90_000) };
    const { value: kept, text, trimmed } = fit(value, 10_000);
    expect(trimmed).toBe(true);
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(text.length).toBeGreaterThan(9_000);
    expect(JSON.parse(text)).toEqual(kept);
    expect(kept).toMatchObject({ short: "stays as it is" });
    // Both long ones end up equally long.
    const { long, longer } = kept as { long: string; longer: string };
    expect(Math.abs(long.length - longer.length)).toBeLessThan(20);
    expect(longer).toMatch(/^X+… \[[\d,]+ characters left out\] …X+$/);
  });

  it("leaves out the middle of a container that is too wide", () => {
    const { value, text } = fit(
      Array.from({ length: 100_000 }, (_, i) => i),
      2_000,
    );
    expect(text.length).toBeLessThanOrEqual(2_000);
    const items = value as unknown[];
    expect(items[0]).toBe(0);
    expect(items.at(-1)).toBe(99_999);
    expect(items.filter((item) => typeof item === "string")).toEqual([
      expect.stringMatching(/^… \[99,\d{3} items left out\] …$/),
    ]);
  });

  it("treats a key named __proto__ as plain data", () => {
    const value = JSON.parse(`{"__proto__":{"polluted":"${"x".repeat(5_000)}"}}`);
    const { text } = fit(value, 1_000);
    expect(text).toMatch(/^\{"__proto__":\{"polluted":"x+…/);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("fits any JSON into any limit, without a `<`", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }),
        fc.integer({ min: 200, max: 2_000 }),
        (value, max) => {
          const { text, trimmed } = fit(value, max);
          expect(text.length).toBeLessThanOrEqual(max);
          expect(text).not.toContain("<");
          if (!trimmed) expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it.each([
    ["one value of 10 MB", "<word> 😀 ".repeat(1_000_000)],
    ["a million numbers", Array.from({ length: 1_000_000 }, (_, i) => i)],
    [
      "a hundred thousand keys",
      Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i])),
    ],
    ["one key of 1 MB", { ["k".repeat(1_000_000)]: 1 }],
  ])("handles %s", (_what, value) => {
    expect(fit(value, 20_000).text.length).toBeLessThanOrEqual(20_000);
  });
});
