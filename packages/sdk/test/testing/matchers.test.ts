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
  it("goes by the bar that is given, else by the thresholds of the run, and asks for all", () => {
    const scores = [score(0.5), score(0.9), score(1)];
    tested(result(scores)).toPass("coherence");
    tested(scores).toPass("coherence", { min: 0.8, rate: 0.66 });
    tested(new RunScores(scores)).not.toPass("coherence", { min: 0.8 });
    tested(result([score(0.49), score(1)])).not.toPass("coherence");
  });

  it("takes a share that is met exactly, though it is none in binary", () => {
    const scores = Array.from({ length: 100 }, (_, index) => score(index < 29 ? 1 : 0));
    tested(scores).toPass("coherence", { rate: 0.29 });
    tested(scores).not.toPass("coherence", { rate: 0.3 });
  });

  it("counts a score that could not be had as one that has not passed", () => {
    tested([score(1), score(null)]).not.toPass("coherence");
    tested([score(1), score(null)]).toPass("coherence", { rate: 0.5 });
  });

  it("takes what a person said of yes or no, and no label", () => {
    const said = (value: string) => score(0, { data_type: "BOOLEAN", value, metadata: {} });
    tested([said("true")]).toPass("coherence", { min: 1 });
    tested([said("false")]).not.toPass("coherence", { min: 0.1 });
    tested([score(0, { data_type: "CATEGORICAL", value: "good" })]).not.toPass("coherence", { min: 0 });
  });

  it("shows what was asked, what came, and the worst, failed ones first", () => {
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

  it("says of .not that too many pass", () => {
    const text = messageOf(() => tested([score(1), score(0)]).not.toPass("coherence", { rate: 0.5 }));
    expect(text).toBe(
      'expect(scores).not.toPass("coherence", { rate: 0.5 })\n\n1 of 2 pass (50 %); fewer than 1 (50 %) should.\n\n  score  trace  reason\n  0      a',
    );
  });

  it.each([
    ["no scores", [], "There are no scores at all: nothing was evaluated."],
    ["other metrics", [score(1)], 'There is no score of "task_completion". There are scores of coherence.'],
    ["a promise", Promise.resolve([score(1)]), "It got a promise: await the evaluation first."],
    ["something else", { scores: 7 }, "It takes what evaluateTraces or evaluateSessions gives"],
    ["nothing", undefined, "It takes what evaluateTraces or evaluateSessions gives"],
  ])("fails for %s, with .not too", (_what, received, told) => {
    expect(messageOf(() => tested(received).toPass("task_completion"))).toContain(told);
    expect(messageOf(() => tested(received).not.toPass("task_completion"))).toContain(told);
  });

  it("asks for a bar where the scores carry no threshold", () => {
    const annotated = [score(1, { metadata: {} })];
    expect(messageOf(() => tested(annotated).toPass("coherence"))).toContain(
      "say from which score on they pass",
    );
    tested(annotated).toPass("coherence", { min: 1 });
  });

  it("refuses a bar or a metric that is none", () => {
    expect(() => tested([]).toPass("coherence", { min: 80 })).toThrow(RangeError);
    expect(() => tested([]).toPass("coherence", { rate: Number.NaN })).toThrow(RangeError);
    expect(() => tested([]).toPass("")).toThrow(TypeError);
  });

  it("ignores no bar that is misspelt, which would then be none", () => {
    const passing = tested([score(1)]) as unknown as { toPass(metric: string, bar: unknown): void };
    expect(() => passing.toPass("coherence", { least: 1 })).toThrow(
      "toPass takes min and rate: it got least.",
    );
    expect(() => passing.toPass("coherence", 0.8)).toThrow("such as { min: 0.8 } second: it got 0.8.");
  });
});

describe.each([
  ["vitest", expect as unknown as typeof jestExpect],
  ["jest", jestExpect],
])("toHaveNoFailedScores, in %s", (_framework, tested) => {
  it("passes where every score could be had", () => {
    tested(result([score(0), score(1)])).toHaveNoFailedScores();
    tested([score(null)]).not.toHaveNoFailedScores();
  });

  it("tells which could not, and why", () => {
    const scores = [score(1), score(null, { trace_id: "4", name: "confidence", reason: "Too long." })];
    const text = messageOf(() => tested(scores).toHaveNoFailedScores());
    expect(text).toBe(
      "expect(scores).toHaveNoFailedScores()\n\n1 of 2 scores could not be had.\n\n  metric      trace  reason\n  confidence  4      Too long.",
    );
  });

  it("tells of pairs that left no score", () => {
    const text = messageOf(() => tested(result([score(1)], { failed_count: 2 })).toHaveNoFailedScores());
    expect(text).toContain("2 of 3 scores could not be had.");
    expect(text).toContain("2 left no score: what they were of was deleted during the run.");
  });

  it("names sessions as such", () => {
    const { trace_id: _, ...session } = score(null, { reason: "No." });
    const text = messageOf(() => tested([{ ...session, session_id: "support/1" }]).toHaveNoFailedScores());
    expect(text).toContain("  metric     session    reason\n  coherence  support/1  No.");
  });

  it("fails where nothing was evaluated, with .not too", () => {
    expect(messageOf(() => tested([]).toHaveNoFailedScores())).toContain("nothing was evaluated");
    expect(messageOf(() => tested([]).not.toHaveNoFailedScores())).toContain("nothing was evaluated");
  });
});
