import { describe, expect, it } from "vitest";
import { jaccard, wordSet } from "../../src/metrics/similarity.ts";

describe("wordSet", () => {
  it("contains each distinctive word once, in lower case", () => {
    expect([...wordSet("The cat and THE Cat, at the door")]).toEqual(["cat", "door"]);
    expect([...wordSet("Der Zug fährt nach Wien")]).toEqual(["zug", "fährt", "wien"]);
  });

  it("leaves out single letters, but keeps numbers and single ideographs", () => {
    expect([...wordSet("x + y = z")]).toEqual([]);
    expect([...wordSet("7 ß")]).toEqual(["7"]);
    expect([...wordSet("订")]).toEqual(["订"]);
  });

  it("finds words in scripts without spaces", () => {
    expect([...wordSet("会議を予約しました")]).toEqual(expect.arrayContaining(["会議", "予約"]));
    expect(wordSet("ฉันรักแมว").size).toBeGreaterThan(1);
  });
});

describe("jaccard", () => {
  it("is the intersection over the union", () => {
    expect(jaccard(new Set(["a", "b"]), new Set(["b", "c"]))).toBeCloseTo(1 / 3);
    expect(jaccard(new Set(), new Set())).toBe(0);
    expect(jaccard(new Set(["a"]), new Set(["a"]))).toBe(1);
  });
});
