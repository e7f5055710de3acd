import { JudgeError } from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";
import { memoizeJudge } from "../../src/metrics/memoize-judge.ts";
import { findTraceMetric } from "../../src/metrics/registry.ts";
import { planStage, taskStage } from "../../src/metrics/shared-stages.ts";
import { calm, makeSubject, scriptJudge } from "./support.ts";

const answers = {
  task: { task: "Find Paris." },
  plan: { plan: ["Look it up."] },
  "step_efficiency.score": { score: 1, reason: "r" },
  "plan_adherence.score": { score: 1, reason: "r" },
  "plan_quality.score": { score: 1, reason: "r" },
};

describe("memoizeJudge", () => {
  it("asks a stage that several metrics share once, even if they run concurrently", async () => {
    const judge = scriptJudge(answers);
    const shared = memoizeJudge(judge);
    const subject = makeSubject();
    const metrics = ["step_efficiency", "plan_adherence", "plan_quality"].map((name) =>
      findTraceMetric(name),
    );
    await Promise.all(metrics.map((metric) => metric?.evaluate(subject, shared, calm)));
    expect(judge.asked.map(({ stage }) => stage).sort()).toEqual([
      "plan",
      "plan_adherence.score",
      "plan_quality.score",
      "step_efficiency.score",
      "task",
    ]);
  });

  it("asks again about another trace, and with other findings", async () => {
    const judge = scriptJudge(answers);
    const shared = memoizeJudge(judge);
    const subject = makeSubject();
    await shared.ask(taskStage, subject, {}, calm);
    await shared.ask(taskStage, makeSubject(), {}, calm);
    await shared.ask(planStage, subject, { task: "one" }, calm);
    await shared.ask(planStage, subject, { task: "two" }, calm);
    expect(judge.asked).toHaveLength(4);
  });

  it("does not remember failures, but shares a question in flight", async () => {
    const judge = scriptJudge({});
    const shared = memoizeJudge(judge);
    const subject = makeSubject();
    const ask = () => shared.ask(taskStage, subject, {}, calm);
    const together = await Promise.allSettled([ask(), ask()]);
    expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(judge.asked).toHaveLength(1);
    await expect(ask()).rejects.toThrow(JudgeError);
    expect(judge.asked).toHaveLength(2);
  });

  it("keeps the judge's other properties", async () => {
    const shared = memoizeJudge({ ...scriptJudge({}, { a: [1] }), hasShortened: () => true });
    expect(shared).toMatchObject({
      model: "test/judge",
      embeddingModel: "test/embedder",
      maxTextChars: 1_000,
    });
    expect(await shared.embed(["a"], calm)).toEqual([[1]]);
    expect(shared.hasShortened?.(makeSubject().trace)).toBe(true);
  });
});
