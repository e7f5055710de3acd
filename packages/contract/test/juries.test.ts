import { CreateEvalRunRequest, RetryEvalRunRequest } from "@pandaprobe/contract";
import {
  changedJudges,
  combineRepeats,
  combineVotes,
  type Judgement,
  judgedBy,
  type ScoreResult,
  scoreResult,
} from "@pandaprobe/contract/rules";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const threshold = 0.5;

function judged(score: number, notApplicable?: string): Judgement {
  const result = { score, reason: `It is ${score}.`, metadata: { task: `task of ${score}` }, notApplicable };
  return { score: scoreResult("confidence", result, { threshold, model: "openai/a" }) };
}

const missing: Judgement = { missing: "It timed out." };

/** Scores as judges give them: with at most four decimals. */
const someScores = fc
  .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 10 })
  .map((all) => all.map((n) => n / 10_000));

/** Plain formulas, written differently from the code. */
function expectedStatistics(values: readonly number[]) {
  const n = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  const squares = values.reduce((a, b) => a + b * b, 0);
  const below = values.filter((value) => value < threshold).length;
  return {
    mean: sum / n,
    deviation: n === 1 ? null : Math.sqrt(Math.max(0, (squares - (sum * sum) / n) / (n - 1))),
    flips: Math.min(below, n - below) / n,
  };
}

describe("repeats", () => {
  test("give the mean, the sample deviation and the flip rate of their values", () => {
    fc.assert(
      fc.property(someScores, (values) => {
        const { score, metadata } = combineRepeats(
          values.map((value) => judged(value)),
          threshold,
        );
        const expected = expectedStatistics(values);
        const repeats = repeatsOf(metadata);
        expect(score).toBeCloseTo(expected.mean, 3);
        expect(repeats.values).toEqual(values);
        expect(metadata["success"]).toBe(score >= threshold);
        expect(repeats.flip_rate).toBeCloseTo(expected.flips, 3);
        if (expected.deviation === null) expect(repeats.standard_deviation).toBeNull();
        else expect(repeats.standard_deviation).toBeCloseTo(expected.deviation, 3);
      }),
    );
  });

  test("give known figures for known values", () => {
    const { score, value, reason, metadata } = combineRepeats(
      [0.2, 0.4, 0.9].map((each) => judged(each)),
      threshold,
    );
    expect({ score, value }).toEqual({ score: 0.5, value: "0.5" });
    expect(reason).toBe("The mean of 3 judgements, from 0.2 to 0.9. Closest to the mean: It is 0.4.");
    expect(metadata).toEqual({
      task: "task of 0.4",
      threshold,
      success: true,
      model: "openai/a",
      repeats: { count: 3, values: [0.2, 0.4, 0.9], standard_deviation: 0.3606, flip_rate: 0.3333 },
    });
  });

  test("that fail are named, and at most half of them make the item fail", () => {
    const { score, metadata } = combineRepeats([judged(1), missing, judged(0)], threshold);
    expect(score).toBe(0.5);
    expect(repeatsOf(metadata)).toMatchObject({
      values: [1, null, 0],
      missing: [{ repeat: 2, reason: "It timed out." }],
    });
    expect(() => combineRepeats([judged(1), missing], threshold)).toThrow(
      "Only 1 of 2 repeats gave a score, and more than half are needed. Repeat 2: It timed out.",
    );
  });

  test("that find nothing to judge are left out, unless most of them do", () => {
    const mostly = combineRepeats([judged(0.4), judged(1, "no_plan"), judged(0.6)], threshold);
    expect(mostly.score).toBe(0.5);
    expect(mostly.metadata).not.toHaveProperty("applicable");
    expect(repeatsOf(mostly.metadata)).toMatchObject({ values: [0.4, null, 0.6], not_applicable: [2] });
    const rarely = combineRepeats([judged(1, "no_plan"), judged(1, "no_plan"), judged(0.6)], threshold);
    expect(rarely.metadata).toMatchObject({ applicable: false, note: "no_plan" });
    expect(rarely.value).toBe("1");
    expect(combineRepeats([judged(1, "no_plan"), judged(0.2)], threshold).score).toBe(0.2);
  });
});

describe("a jury", () => {
  const vote = (
    judgements: readonly Judgement[],
    aggregate: "mean" | "majority" | "unanimous",
  ): ScoreResult =>
    combineVotes(
      judgements.map((judgement, i) => ({ model: `openai/${i}`, judgement })),
      { aggregate, threshold },
    );

  test("decides by the mean, by majority or unanimously", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 2, maxLength: 9 }), (all) => {
        const values = all.map((n) => n / 10_000);
        const judgements = values.map((value) => judged(value));
        const passes = values.filter((value) => value >= threshold).length;
        expect(vote(judgements, "mean").score).toBeCloseTo(expectedStatistics(values).mean, 3);
        expect(vote(judgements, "majority").score).toBe(passes * 2 > values.length ? 1 : 0);
        expect(vote(judgements, "unanimous").score).toBe(passes === values.length ? 1 : 0);
        const pairs = values.flatMap((a, i) =>
          values.slice(i + 1).map((b) => a >= threshold === b >= threshold),
        );
        expect(vote(judgements, "mean").metadata["agreement"]).toBeCloseTo(
          pairs.filter(Boolean).length / pairs.length,
          3,
        );
      }),
    );
  });

  test("counts a tie as 0, keeps each vote, and takes the findings of the closest member", () => {
    const { value, reason, metadata } = vote([judged(0.9), judged(0.1)], "majority");
    expect(value).toBe("0");
    expect(reason).toBe("1 of 2 judges pass it (majority). openai/1: It is 0.1.");
    expect(metadata).toEqual({
      task: "task of 0.1",
      threshold,
      success: false,
      model: null,
      aggregate: "majority",
      votes: [
        { model: "openai/0", value: 0.9, success: true, applicable: true, reason: "It is 0.9." },
        { model: "openai/1", value: 0.1, success: false, applicable: true, reason: "It is 0.1." },
      ],
      agreement: 0,
    });
  });

  test("names a missing member, and fails without a quorum", () => {
    const { score, metadata, reason } = vote([judged(1), missing, judged(0.8)], "unanimous");
    expect(score).toBe(1);
    expect(metadata["missing_judges"]).toEqual([{ model: "openai/1", reason: "It timed out." }]);
    expect(reason).toContain("1 did not answer");
    expect(() => vote([judged(1), missing], "mean")).toThrow(
      "Only 1 of 2 judges gave a score, and more than half are needed. openai/1: It timed out.",
    );
  });

  test("leaves out votes that found nothing to judge, unless most do", () => {
    const decided = vote([judged(1, "no_plan"), judged(0.6), judged(0.7)], "majority");
    expect(decided.score).toBe(1);
    expect(decided.metadata).not.toHaveProperty("applicable");
    expect(decided.metadata["votes"]).toMatchObject([{ applicable: false }, { applicable: true }, {}]);
    const undecided = vote([judged(1, "no_plan"), judged(1, "no_plan"), judged(0.2)], "mean");
    expect(undecided.metadata).toMatchObject({ applicable: false, note: "no_plan", agreement: 0.3333 });
  });

  test("votes with the mean of each member's repeats", () => {
    const first = combineRepeats([judged(0.2), judged(0.6)], threshold);
    const { score, metadata } = vote([{ score: first }, judged(0.8)], "mean");
    expect(score).toBe(0.6);
    expect(metadata).not.toHaveProperty("repeats");
    expect(metadata["votes"]).toMatchObject([
      { value: 0.4, repeats: { values: [0.2, 0.6] } },
      { value: 0.8 },
    ]);
  });
});

describe("a request", () => {
  const body = { metrics: ["confidence"] };

  test.each([
    [{ judges: ["openai/a", "openai/b"], model: "openai/c" }, "judges"],
    [{ judges: ["openai/a"] }, "judges"],
    [{ judges: ["openai/a", "openai/a"] }, "judges"],
    [{ judges: Array.from({ length: 10 }, (_, i) => `openai/${i}`) }, "judges"],
    [{ aggregate: "mean" }, "aggregate"],
    [{ aggregate: "best", judges: ["openai/a", "openai/b"] }, "aggregate"],
    [{ repeats: 0 }, "repeats"],
    [{ repeats: 11 }, "repeats"],
    [{ repeats: 1.5 }, "repeats"],
  ])("with %j is refused", (fields, at) => {
    const { error } = CreateEvalRunRequest.safeParse({ ...body, ...fields });
    expect(error?.issues.map(({ path }) => path[0])).toEqual([at]);
  });

  test("for a retry may change the aggregate of the original's jury", () => {
    expect(RetryEvalRunRequest.safeParse({ aggregate: "majority" }).success).toBe(true);
  });

  test("for one judge replaces a jury, and vice versa", () => {
    const jury = judgedBy({ judges: ["openai/a", "openai/b"], aggregate: "majority", repeats: 3 });
    expect(changedJudges(jury, { model: "openai/c" })).toEqual({
      model: "openai/c",
      judges: null,
      aggregate: null,
      repeats: 3,
    });
    expect(changedJudges(judgedBy({ model: "openai/c" }), { judges: ["openai/a", "openai/b"] })).toEqual({
      model: null,
      judges: ["openai/a", "openai/b"],
      aggregate: "mean",
      repeats: 1,
    });
    expect(changedJudges(jury, { aggregate: "mean" })).toEqual({ ...jury, aggregate: "mean" });
    expect(() => changedJudges(judgedBy({}), { aggregate: "mean" })).toThrow("needs judges");
  });
});

function repeatsOf(metadata: ScoreResult["metadata"]) {
  return metadata["repeats"] as { values: number[]; standard_deviation: number | null; flip_rate: number };
}
