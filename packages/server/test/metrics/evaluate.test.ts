import { describe, expect, it } from "vitest";
import { coherence } from "../../src/metrics/coherence.ts";
import { confidence } from "../../src/metrics/confidence.ts";
import { evaluateMetric } from "../../src/metrics/evaluate.ts";
import { JudgeError } from "../../src/metrics/judge.ts";
import type { TraceMetric, Verdict } from "../../src/metrics/metric.ts";
import { calm, makeSubject, scriptJudge } from "./support.ts";

function scoring(verdict: Partial<Verdict>): TraceMetric {
  return {
    ...confidence,
    evaluate: async () => ({ score: 0.5, reason: "So it is.", metadata: {}, ...verdict }),
  };
}

const evaluate = (metric: TraceMetric, threshold?: number, subject = makeSubject()) =>
  evaluateMetric(metric, subject, scriptJudge({}), { signal: calm, threshold });

describe("evaluateMetric", () => {
  it.each([
    [1, "1"],
    [0, "0"],
    [0.85, "0.85"],
    [0.1 + 0.2, "0.3"],
    [0.23164, "0.2316"],
    [0.00004, "0"],
    [0.0001, "0.0001"],
    [0.99996, "1"],
    [1.7, "1"],
    [-0.2, "0"],
  ])("stores %d as %s", async (score, value) => {
    const evaluation = await evaluate(scoring({ score }));
    expect(evaluation.value).toBe(value);
    expect(evaluation.score).toBe(Number(value));
  });

  it("says in the metadata what decides about success, beside what the metric found", async () => {
    const { metadata, reason } = await evaluate(scoring({ metadata: { task: "t" } }));
    expect(reason).toBe("So it is.");
    expect(metadata).toEqual({ task: "t", threshold: 0.5, success: true, model: "test/judge" });
  });

  it("changes nothing but success with the threshold", async () => {
    const strict = await evaluate(scoring({ score: 0.6 }), 0.7);
    expect(strict.metadata).toMatchObject({ threshold: 0.7, success: false });
    expect(strict.value).toBe("0.6");
    expect((await evaluate(scoring({ score: 0.7 }), 0.7)).metadata).toMatchObject({ success: true });
    expect((await evaluate(scoring({ score: 0 }), 0)).metadata).toMatchObject({ success: true });
  });

  it("names the embedding model where nothing else was asked", async () => {
    expect((await evaluate(coherence)).metadata).toMatchObject({ model: "test/embedder" });
  });

  it("says when the judge could not be shown the whole trace, except to a metric that shows none", async () => {
    const subject = makeSubject({ tags: ["x".repeat(5_000)] }, 1_000);
    expect((await evaluate(scoring({}), undefined, subject)).metadata).toMatchObject({ trimmed: true });
    expect((await evaluate(coherence, undefined, subject)).metadata).not.toHaveProperty("trimmed");
  });

  it("keeps the metadata of a huge trace small", async () => {
    const { metadata } = await evaluate(scoring({ metadata: { task: "t", calls: ["x".repeat(1_000_000)] } }));
    expect(JSON.stringify(metadata).length).toBeLessThan(70_000);
    expect(metadata).toMatchObject({ task: "t", calls: [expect.stringContaining("characters left out")] });
  });

  it("refuses what is no number", async () => {
    await expect(evaluate(scoring({ score: Number.NaN }))).rejects.toThrow(TypeError);
  });

  it("lets the judge's failure through", async () => {
    await expect(evaluate(confidence)).rejects.toThrow(JudgeError);
  });

  it("does not begin once it is aborted", async () => {
    const judge = scriptJudge({});
    const signal = AbortSignal.abort(new Error("Enough."));
    await expect(evaluateMetric(confidence, makeSubject(), judge, { signal })).rejects.toThrow("Enough.");
    expect(judge.asked).toEqual([]);
  });
});
