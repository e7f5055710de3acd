import { describe, expect, it } from "vitest";
import type { Judge } from "../../src/metrics/judge.ts";
import { LOOP_WINDOW_SIZE, loopDetection } from "../../src/metrics/loop-detection.ts";
import { calm, makeSubject, scriptJudge } from "./support.ts";

/** The result for the trace at `index` in a session with these outputs. */
function detectLoop(outputs: readonly unknown[], index: number, judge: Judge, signal: AbortSignal) {
  const before = outputs
    .map((output, i) => ({ trace_id: `trace-${i}`, output }))
    .slice(Math.max(0, index - LOOP_WINDOW_SIZE), index);
  return loopDetection({ index, before }).evaluate(makeSubject({ output: outputs[index] }), judge, signal);
}

const vectors = {
  "cats chase mice": [1, 0],
  "cats chase birds": [0.6, 0.8],
  "rain fell": [0, 1],
  "who knows": [-1, 0],
};

describe("loop_detection", () => {
  it("multiplies the similarity of embeddings by that of words, and takes the closest trace", async () => {
    const outputs = ["rain fell", "cats chase birds", "cats chase mice"];
    const { score, metadata } = await detectLoop(outputs, 2, scriptJudge({}, vectors), calm);
    // Cosine 0.6 × two of four words = 0.3.
    expect(score).toBeCloseTo(0.7, 10);
    expect(metadata).toEqual({
      window_size: 3,
      max_hybrid: 0.3,
      comparisons: [
        { trace_index: 0, cosine_similarity: 0, jaccard_similarity: 0, hybrid_score: 0 },
        { trace_index: 1, cosine_similarity: 0.6, jaccard_similarity: 0.5, hybrid_score: 0.3 },
      ],
    });
  });

  it("counts a negative cosine as no similarity", async () => {
    const { metadata } = await detectLoop(
      ["who knows", "cats chase mice"],
      1,
      scriptJudge({}, vectors),
      calm,
    );
    expect(metadata).toMatchObject({ max_hybrid: 0, comparisons: [{ cosine_similarity: -1 }] });
  });

  it("gives equal texts 0 whatever their embeddings and words", async () => {
    const { score } = await detectLoop(["…!", "…!"], 1, scriptJudge({}), calm);
    expect(score).toBe(0);
  });

  it("compares with the three preceding traces of the session, skipping empty outputs among them", async () => {
    const outputs = ["cats chase mice", "rain fell", null, "", "cats chase mice"];
    const judge = scriptJudge({}, vectors);
    const { score, metadata } = await detectLoop(outputs, 4, judge, calm);
    expect(score).toBe(1);
    expect(metadata["comparisons"]).toMatchObject([{ trace_index: 1 }]);
    expect(judge.embedded).toEqual([["cats chase mice", "rain fell"]]);
  });

  it("compares outputs other than text as compact JSON", async () => {
    const { score } = await detectLoop([{ a: 1 }, { a: 1 }], 1, scriptJudge({}), calm);
    expect(score).toBe(0);
  });

  it.each([
    ["first_trace", ["x"], 0],
    ["empty_output", ["x", null], 1],
    ["no_previous_outputs", [null, "", "x"], 2],
  ])("has nothing to compare: %s", async (note, outputs, index) => {
    const judge = scriptJudge({});
    const { score, metadata, notApplicable } = await detectLoop(outputs, index, judge, calm);
    expect(score).toBe(1);
    expect(metadata).toEqual({ window_size: 3, max_hybrid: 0, comparisons: [] });
    expect(notApplicable).toBe(note);
    expect(judge.embedded).toEqual([]);
  });
});
