import { type EvalRunResponse, RunScores, type TraceScoreResponse } from "@pandaprobe/sdk";
import type {} from "@pandaprobe/sdk/testing/jest";
import { matchers } from "@pandaprobe/sdk/testing/matchers";
import "@pandaprobe/sdk/testing/vitest";
import { expect as jestExpect } from "expect";
import { describe, expect, it } from "vitest";
import { sampleRun } from "../support/sample-run.ts";

jestExpect.extend(matchers);

function score(number: number | null, fields: Partial<TraceScoreResponse> = {}): TraceScoreResponse {
  return {
    id: crypto.randomUUID(),
    trace_id: "a",
    name: "coherence",
    value: number === null ? null : String(number),
    status: number === null ? "FAILED" : "SUCCESS",
    source: "AUTOMATED",
    created_at: "2026-03-29T10:00:00.000Z",
    project_id: "b",
    data_type: "NUMERIC",
    eval_run_id: null,
    author_user_id: null,
    judged: null,
    stale: false,
    reason: null,
    environment: null,
    config_id: null,
    metadata: { threshold: 0.5, success: (number ?? 0) >= 0.5 },
    updated_at: "2026-03-29T10:00:00.000Z",
    ...fields,
  };
}

function result(scores: readonly TraceScoreResponse[], run: Partial<EvalRunResponse> = {}) {
  return { run: sampleRun({ status: "COMPLETED", ...run }), scores: new RunScores(scores) };
}

/** What a failed expectation says. */
function messageOf(expectation: () => unknown): string {
  try {
    expectation();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "It passed.";
}

describe.each([
  ["vitest", expect as unknown as typeof jestExpect],
  ["jest", jestExpect],
])("toPass, in %s", (_framework, tested) => {
  it("uses the given threshold or the run's thresholds, and requires all scores to pass", () => {
    const scores = [score(0.5), score(0.9), score(1)];
    tested(result(scores)).toPass("coherence");
    tested(scores).toPass("coherence", { min: 0.8, rate: 0.66 });
    tested(new RunScores(scores)).not.toPass("coherence", { min: 0.8 });
    tested(result([score(0.49), score(1)])).not.toPass("coherence");
  });

  it("accepts a rate that is met exactly, although it has no exact binary form", () => {
    const scores = Array.from({ length: 100 }, (_, index) => score(index < 29 ? 1 : 0));
    tested(scores).toPass("coherence", { rate: 0.29 });
    tested(scores).not.toPass("coherence", { rate: 0.3 });
  });

  it("counts a failed score as one that does not pass", () => {
    tested([score(1), score(null)]).not.toPass("coherence");
    tested([score(1), score(null)]).toPass("coherence", { rate: 0.5 });
  });

  it("says how many scores are people's", () => {
    const corrected = score(0.1, { source: "ANNOTATION" });
    expect(messageOf(() => tested([score(1), corrected]).toPass("coherence"))).toContain(
      "1 of 2 scores are people's.",
    );
    expect(messageOf(() => tested([score(0.1)]).toPass("coherence"))).not.toContain("people");
  });

  const nothing = { metadata: { threshold: 0.5, success: true, applicable: false, note: "no_plan" } };

  it("leaves out scores with nothing to judge, and says how many", () => {
    const some = [score(1, nothing), score(1, nothing), score(0.9), score(0.1)];
    tested(some).toPass("coherence", { rate: 0.5 });
    const message = messageOf(() => tested(some).toPass("coherence", { rate: 0.6 }));
    expect(message).toContain("1 of 2 pass (50 %); at least 2 (60 %) should.");
    expect(message).toContain("2 more had nothing to judge.");
  });

  it("fails if no score is applicable, even with .not", () => {
    const text = "No score is applicable: 1 had nothing to judge (no_plan).";
    expect(messageOf(() => tested([score(1, nothing)]).toPass("coherence"))).toContain(text);
    expect(messageOf(() => tested([score(1, nothing)]).not.toPass("coherence"))).toContain(text);
  });

  it("accepts boolean scores by people, but no labels", () => {
    const said = (value: string) => score(0, { data_type: "BOOLEAN", value, metadata: {} });
    tested([said("true")]).toPass("coherence", { min: 1 });
    tested([said("false")]).not.toPass("coherence", { min: 0.1 });
    tested([score(0, { data_type: "CATEGORICAL", value: "good" })]).not.toPass("coherence", { min: 0 });
  });

  it("shows the assertion, the result, and the worst scores, failed ones first", () => {
    const scores = [
      score(0.9),
      score(0.3, { trace_id: "22222222", reason: "It never\n  booked the hotel." }),
      score(0.05, { trace_id: "3", reason: "x".repeat(200) }),
      score(null, { trace_id: "4", reason: "The judge gave no answer." }),
      ...Array.from({ length: 4 }, () => score(0.5, { trace_id: "5", reason: "Half." })),
    ];
    const run = { id: "77777777-7777-7777-7777-777777777777", name: "Nightly", model: "openai/gpt-5.4" };
    const text = messageOf(() => tested(result(scores, run)).toPass("coherence", { min: 0.8, rate: 0.95 }));
    expect(text).toBe(
      [
        'expect(scores).toPass("coherence", { min: 0.8, rate: 0.95 })',
        "",
        "1 of 8 pass (12.5 %); at least 8 (95 %) should.",
        'Run "Nightly" 77777777-7777-7777-7777-777777777777, judged by openai/gpt-5.4.',
        "",
        "  score   trace     reason",
        "  failed  4         The judge gave no answer.",
        `  0.05    3         ${"x".repeat(100)}…`,
        "  0.3     22222222  It never booked the hotel.",
        "  0.5     5         Half.",
        "  0.5     5         Half.",
        "  … and 2 more",
      ].join("\n"),
    );
  });

  it("says for .not that too many pass", () => {
    const text = messageOf(() => tested([score(1), score(0)]).not.toPass("coherence", { rate: 0.5 }));
    expect(text).toBe(
      'expect(scores).not.toPass("coherence", { rate: 0.5 })\n\n1 of 2 pass (50 %); fewer than 1 (50 %) should.\n\n  score  trace  reason\n  0      a',
    );
  });

  it.each([
    ["no scores", [], "There are no scores: nothing was evaluated."],
    ["other metrics", [score(1)], 'There is no score of "task_completion". There are scores of coherence.'],
    ["a promise", Promise.resolve([score(1)]), "It received a promise: await the evaluation first."],
    ["something else", { scores: 7 }, "It expects the result of evaluateTraces or evaluateSessions"],
    ["nothing", undefined, "It expects the result of evaluateTraces or evaluateSessions"],
  ])("fails for %s, with .not too", (_what, received, expected) => {
    expect(messageOf(() => tested(received).toPass("task_completion"))).toContain(expected);
    expect(messageOf(() => tested(received).not.toPass("task_completion"))).toContain(expected);
  });

  it("asks for a threshold if the scores have none", () => {
    const annotated = [score(1, { metadata: {} })];
    expect(messageOf(() => tested(annotated).toPass("coherence"))).toContain(
      "These scores have no threshold.",
    );
    tested(annotated).toPass("coherence", { min: 1 });
  });

  it("rejects an invalid threshold or metric", () => {
    expect(() => tested([]).toPass("coherence", { min: 80 })).toThrow(RangeError);
    expect(() => tested([]).toPass("coherence", { rate: Number.NaN })).toThrow(RangeError);
    expect(() => tested([]).toPass("")).toThrow(TypeError);
  });

  it("rejects a misspelt option instead of ignoring it", () => {
    const passing = tested([score(1)]) as unknown as { toPass(metric: string, bar: unknown): void };
    expect(() => passing.toPass("coherence", { least: 1 })).toThrow(
      "The options of toPass are min and rate. Unknown option: least.",
    );
    expect(() => passing.toPass("coherence", 0.8)).toThrow("such as { min: 0.8 }, not 0.8.");
  });
});

describe.each([
  ["vitest", expect as unknown as typeof jestExpect],
  ["jest", jestExpect],
])("toHaveNoFailedScores, in %s", (_framework, tested) => {
  it("passes if no score failed", () => {
    tested(result([score(0), score(1)])).toHaveNoFailedScores();
    tested([score(null)]).not.toHaveNoFailedScores();
  });

  it("says which scores failed, and why", () => {
    const scores = [score(1), score(null, { trace_id: "4", name: "confidence", reason: "Too long." })];
    const text = messageOf(() => tested(scores).toHaveNoFailedScores());
    expect(text).toBe(
      "expect(scores).toHaveNoFailedScores()\n\n1 of 2 scores failed.\n\n  metric      trace  reason\n  confidence  4      Too long.",
    );
  });

  it("counts failed items without a score", () => {
    const text = messageOf(() => tested(result([score(1)], { failed_count: 2 })).toHaveNoFailedScores());
    expect(text).toContain("2 of 3 scores failed.");
    expect(text).toContain("2 have no score: their target was deleted during the run.");
  });

  it("names sessions as sessions", () => {
    const { trace_id: _, ...session } = score(null, { reason: "No." });
    const text = messageOf(() => tested([{ ...session, session_id: "support/1" }]).toHaveNoFailedScores());
    expect(text).toContain("  metric     session    reason\n  coherence  support/1  No.");
  });

  it("fails if nothing was evaluated, even with .not", () => {
    expect(messageOf(() => tested([]).toHaveNoFailedScores())).toContain("nothing was evaluated");
    expect(messageOf(() => tested([]).not.toHaveNoFailedScores())).toContain("nothing was evaluated");
  });
});

describe.each([
  ["vitest", expect as unknown as typeof jestExpect],
  ["jest", jestExpect],
])("toHaveNoRegression, in %s", (_framework, tested) => {
  const side = {
    value: 0.9,
    score_count: 1,
    score_id: "1",
    trace_id: "11",
    session_id: null,
    reason: "Fine.",
  };
  const regression = {
    case: "refund",
    difference: -0.7,
    a: side,
    b: { ...side, value: 0.2, reason: "Lost." },
  };
  const worse = { metric: "a", verdict: "regressed", summary: "Worse: a.", regressions: [regression] };
  const same = { metric: "b", verdict: "no_significant_difference", summary: "Same.", regressions: [] };
  const few = { metric: "c", verdict: "not_enough", summary: "Not enough to compare c.", regressions: [] };

  it("passes if no metric got worse, or none of the given ones", () => {
    tested({ metrics: [same, few] }).toHaveNoRegression();
    tested({ metrics: [worse, same] }).not.toHaveNoRegression();
    tested({ metrics: [worse, same] }).toHaveNoRegression("b");
    tested({ metrics: [worse, same] }).not.toHaveNoRegression("b", "a");
  });

  it("says what got worse, and in which cases", () => {
    expect(messageOf(() => tested({ metrics: [worse, same] }).toHaveNoRegression())).toBe(
      [
        "expect(comparison).toHaveNoRegression()",
        "",
        "Worse: a.",
        "Same.",
        "",
        "Worst cases of a:",
        "  before  after  case    trace  reason",
        "  0.9     0.2    refund  11     Lost.",
      ].join("\n"),
    );
  });

  it("fails with and without .not if there is nothing to check", () => {
    for (const [received, text] of [
      [{ metrics: [few] }, "Not enough to compare c."],
      [{ metrics: [] }, "No metric was compared."],
      [Promise.resolve(), "It received a promise: await the comparison first."],
      [[], "It expects the result of compareScores."],
    ] as const) {
      expect(messageOf(() => tested(received).toHaveNoRegression())).toContain(text);
      expect(messageOf(() => tested(received).not.toHaveNoRegression())).toContain(text);
    }
    expect(messageOf(() => tested({ metrics: [same] }).toHaveNoRegression("d"))).toContain(
      '"d" was not compared. These were: b.',
    );
  });
});

describe.each([
  ["vitest", expect as unknown as typeof jestExpect],
  ["jest", jestExpect],
])("toPassCases, in %s", (_framework, tested) => {
  it("fails with and without .not if there is no case, and refuses an invalid rate", () => {
    for (const [received, text] of [
      [{ cases: [] }, "There are no cases: nothing was evaluated."],
      [Promise.resolve(), "It received a promise: await evaluateCases first."],
      [[], "It expects the result of evaluateCases."],
    ] as const) {
      expect(messageOf(() => tested(received).toPassCases())).toContain(text);
      expect(messageOf(() => tested(received).not.toPassCases())).toContain(text);
    }
    expect(() => tested({ cases: [] }).toPassCases({ rate: 90 })).toThrow(RangeError);
  });
});
