import { JudgeError } from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";
import { findTraceMetric } from "../../src/metrics/registry.ts";
import { calm, makeSubject, type ScriptedJudge, scriptJudge } from "./support.ts";

async function run(name: string, judge: ScriptedJudge, parts: Parameters<typeof makeSubject>[0] = {}) {
  const metric = findTraceMetric(name);
  if (metric === undefined) throw new Error(`No metric ${name}.`);
  return metric.evaluate(makeSubject(parts), judge, calm);
}

const scored = { score: 0.7, reason: "So." };
const search = { kind: "TOOL" as const, name: "search", input: { q: "Paris" } };
const declared = {
  metadata: { tools: [{ name: "search", description: "Search.", input_schema: { type: "object" } }] },
};

describe("task_completion", () => {
  it("finds task and outcome, then judges them", async () => {
    const judge = scriptJudge({
      "task_completion.extract": { task: "T", outcome: "O" },
      "task_completion.score": { verdict: 0.75, reason: "So." },
    });
    const verdict = await run("task_completion", judge);
    expect(verdict).toEqual({ score: 0.75, reason: "So.", metadata: { task: "T", outcome: "O" } });
    expect(judge.asked).toEqual([
      { stage: "task_completion.extract", given: {} },
      { stage: "task_completion.score", given: { task: "T", outcome: "O" } },
    ]);
  });
});

describe("tool_correctness", () => {
  it("reads what the spans state, and asks only for the score", async () => {
    const judge = scriptJudge({ "tool_correctness.score": scored });
    const { score, metadata } = await run("tool_correctness", judge, { spans: [search], ...declared });
    expect(score).toBe(0.7);
    const found = {
      user_input: "What is the capital of France?",
      tools_called: [{ name: "search", parameters: { q: "Paris" } }],
      available_tools: [{ name: "search", description: "Search." }],
    };
    expect(metadata).toEqual(found);
    expect(judge.asked).toEqual([{ stage: "tool_correctness.score", given: found }]);
  });

  it("asks only for facts that the trace does not state", async () => {
    const judge = scriptJudge({
      "tool_correctness.extract": {
        user_input: "something else",
        tools_called: [{ name: "search", parameters: '{"q":"x"}' }],
        available_tools: [{ name: "search", description: "" }],
      },
      "tool_correctness.score": scored,
    });
    const { metadata } = await run("tool_correctness", judge);
    expect(judge.asked.map(({ stage }) => stage)).toEqual([
      "tool_correctness.extract",
      "tool_correctness.score",
    ]);
    expect(metadata).toEqual({
      user_input: "What is the capital of France?",
      tools_called: [{ name: "search", parameters: { q: "x" } }],
      available_tools: [{ name: "search", description: "" }],
    });
  });

  it("is not applicable without calls and without tools, and asks for no score", async () => {
    const judge = scriptJudge({
      "tool_correctness.extract": { user_input: "u", tools_called: [], available_tools: [] },
    });
    const { score, notApplicable } = await run("tool_correctness", judge);
    expect({ score, notApplicable }).toEqual({ score: 1, notApplicable: "no_tools" });
    expect(judge.asked.map(({ stage }) => stage)).toEqual(["tool_correctness.extract"]);
  });
});

describe("argument_correctness", () => {
  const verdicts = [
    { verdict: "yes", reason: "Fits." },
    { verdict: "no", reason: "Made up." },
    { verdict: "yes", reason: "Fits." },
  ];
  const answers = {
    "argument_correctness.verdicts": {
      verdicts: verdicts.map((verdict, i) => ({ call: i + 1, ...verdict })),
    },
    "argument_correctness.reason": { reason: "One of three is made up." },
  };

  it("is the share of yes, with a summarized reason", async () => {
    const judge = scriptJudge(answers);
    const { score, reason, metadata } = await run("argument_correctness", judge, {
      spans: [search, search, search],
    });
    expect(score).toBeCloseTo(2 / 3, 10);
    expect(reason).toBe("One of three is made up.");
    expect(metadata).toEqual({ user_input: "What is the capital of France?", verdicts });
    expect(judge.asked.map(({ stage }) => stage)).toEqual([
      "argument_correctness.verdicts",
      "argument_correctness.reason",
    ]);
    expect(judge.asked[0]?.given).toMatchObject({
      tool_calls: [{ call: 1, name: "search" }, { call: 2 }, { call: 3 }],
    });
  });

  it("ignores verdicts on calls that do not exist", async () => {
    const { score } = await run("argument_correctness", scriptJudge(answers), { spans: [search, search] });
    expect(score).toBe(0.5);
  });

  it("fails with the number of the call if a verdict is still missing", async () => {
    const judge = scriptJudge(answers);
    await expect(run("argument_correctness", judge, { spans: Array(5).fill(search) })).rejects.toThrow(
      JudgeError,
    );
    expect(judge.asked.map(({ stage }) => stage)).toEqual([
      "argument_correctness.verdicts",
      "argument_correctness.verdicts",
    ]);
    expect(judge.asked[1]?.given).toMatchObject({ tool_calls: [{ call: 4 }, { call: 5 }] });
  });

  it("is 1 without a further question if there are no calls", async () => {
    const judge = scriptJudge({ "argument_correctness.extract": { user_input: "u", tool_calls: [] } });
    const { score, metadata } = await run("argument_correctness", judge);
    expect(score).toBe(1);
    expect(metadata).toEqual({ user_input: "What is the capital of France?", verdicts: [] });
    expect(judge.asked.map(({ stage }) => stage)).toEqual(["argument_correctness.extract"]);
  });

  it("asks nothing if the trace states that there are no calls", async () => {
    const judge = scriptJudge({});
    const spans = [{ kind: "LLM" as const, output: { role: "assistant", content: "Paris" } }];
    expect((await run("argument_correctness", judge, { spans })).score).toBe(1);
    expect(judge.asked).toEqual([]);
  });
});

describe("step_efficiency", () => {
  it("finds the task, then judges the steps", async () => {
    const judge = scriptJudge({ task: { task: "T" }, "step_efficiency.score": scored });
    expect(await run("step_efficiency", judge)).toEqual({ ...scored, metadata: { task: "T" } });
    expect(judge.asked.map(({ stage }) => stage)).toEqual(["task", "step_efficiency.score"]);
  });
});

describe("confidence", () => {
  it("is one question", async () => {
    const judge = scriptJudge({ "confidence.score": scored });
    expect(await run("confidence", judge)).toEqual({ ...scored, metadata: {} });
    expect(judge.asked).toHaveLength(1);
  });
});

describe.each(["plan_adherence", "plan_quality"])("%s", (name) => {
  it("finds task and plan, then judges the plan", async () => {
    const judge = scriptJudge({ task: { task: "T" }, plan: { plan: ["a", "b"] }, [`${name}.score`]: scored });
    expect(await run(name, judge)).toEqual({ ...scored, metadata: { task: "T", plan: ["a", "b"] } });
    expect(judge.asked).toEqual([
      { stage: "task", given: {} },
      { stage: "plan", given: { task: "T" } },
      { stage: `${name}.score`, given: { task: "T", plan: ["a", "b"] } },
    ]);
  });

  it("is 1 without a further question if there is no plan", async () => {
    const judge = scriptJudge({ task: { task: "T" }, plan: { plan: [] } });
    const { score, reason, metadata, notApplicable } = await run(name, judge);
    expect({ score, notApplicable }).toEqual({ score: 1, notApplicable: "no_plan" });
    expect(reason).toBe(
      "test/judge found no plan in the trace, so there was nothing to compare the agent's steps with.",
    );
    expect(metadata).toEqual({ task: "T", plan: [] });
    expect(judge.asked).toHaveLength(2);
  });
});

describe("a judge's answer", () => {
  it.each([[1.01], [-0.01], ["0.5"], [null]])("with a score of %j is refused", async (score) => {
    const judge = scriptJudge({ "confidence.score": { score, reason: "So." } });
    await expect(run("confidence", judge)).rejects.toThrow(JudgeError);
  });

  it("without a reason is refused", async () => {
    await expect(run("confidence", scriptJudge({ "confidence.score": { score: 1 } }))).rejects.toThrow(
      JudgeError,
    );
  });
});
