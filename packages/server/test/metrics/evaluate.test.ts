import { JudgeError, type MetricResult } from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";
import { coherence } from "../../src/metrics/coherence.ts";
import { confidence } from "../../src/metrics/confidence.ts";
import { evaluateMetric } from "../../src/metrics/evaluate.ts";
import type { TraceMetric } from "../../src/metrics/metric.ts";
import { calm, makeSubject, scriptJudge } from "./support.ts";

function scoring(result: Partial<MetricResult>): TraceMetric {
  return {
    ...confidence,
    evaluate: async () => ({ score: 0.5, reason: "So it is.", metadata: {}, ...result }),
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

  it("adds threshold, success and model to the metric's metadata", async () => {
    const { metadata, reason } = await evaluate(scoring({ metadata: { task: "t" } }));
    expect(reason).toBe("So it is.");
    expect(metadata).toEqual({ task: "t", threshold: 0.5, success: true, model: "test/judge" });
  });

  it("uses the threshold only for success", async () => {
    const strict = await evaluate(scoring({ score: 0.6 }), 0.7);
    expect(strict.metadata).toMatchObject({ threshold: 0.7, success: false });
    expect(strict.value).toBe("0.6");
    expect((await evaluate(scoring({ score: 0.7 }), 0.7)).metadata).toMatchObject({ success: true });
    expect((await evaluate(scoring({ score: 0 }), 0)).metadata).toMatchObject({ success: true });
  });

  it("names the embedding model if the metric only embeds", async () => {
    expect((await evaluate(coherence)).metadata).toMatchObject({ model: "test/embedder" });
  });

  it("marks a trimmed trace, except for a metric that does not show the trace", async () => {
    const subject = makeSubject({ tags: ["x".repeat(5_000)] }, 1_000);
    expect((await evaluate(scoring({}), undefined, subject)).metadata).toMatchObject({ trimmed: true });
    expect((await evaluate(coherence, undefined, subject)).metadata).not.toHaveProperty("trimmed");
  });

  it("bounds the metadata of a huge trace", async () => {
    const { metadata } = await evaluate(scoring({ metadata: { task: "t", calls: ["x".repeat(1_000_000)] } }));
    expect(JSON.stringify(metadata).length).toBeLessThan(70_000);
    expect(metadata).toMatchObject({ task: "t", calls: [expect.stringContaining("characters left out")] });
  });

  it("rejects a score that is not a number", async () => {
    await expect(evaluate(scoring({ score: Number.NaN }))).rejects.toThrow(TypeError);
  });

  it("passes on the judge's error", async () => {
    await expect(evaluate(confidence)).rejects.toThrow(JudgeError);
  });

  it("does not start if it was aborted before", async () => {
    const judge = scriptJudge({});
    const signal = AbortSignal.abort(new Error("Enough."));
    await expect(evaluateMetric(confidence, makeSubject(), judge, { signal })).rejects.toThrow("Enough.");
    expect(judge.asked).toEqual([]);
  });
});
