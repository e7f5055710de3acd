import type { ScoreSummaryItem, TraceScoreResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer({ environment: {} });
});
afterAll(() => server.close());

const metrics = [
  "task_completion",
  "tool_correctness",
  "argument_correctness",
  "step_efficiency",
  "confidence",
  "plan_adherence",
  "plan_quality",
  "coherence",
];

const notesOf = (scores: readonly TraceScoreResponse[]) =>
  Object.fromEntries(
    scores
      .filter(({ metadata }) => metadata["applicable"] === false)
      .map((score) => [score.name, score.metadata["note"]]),
  );

test("a crash without spans or output is not applicable to five of eight metrics, and passes none of them", async () => {
  const api = server.api.as({ project: "crash" });
  await storeTraces(api, 1, { status: "ERROR", output: null });
  const run = await endedRun(api, (await createRun(api, { metrics })).id);
  const scores = await runScores(api, run.id);
  expect(scores).toHaveLength(8);
  expect(notesOf(scores)).toEqual({
    tool_correctness: "no_tools",
    argument_correctness: "no_tool_calls",
    plan_adherence: "no_plan",
    plan_quality: "no_plan",
    coherence: "empty_input_or_output",
  });
  for (const score of scores.filter(({ name }) => name in notesOf(scores))) {
    expect(score).toMatchObject({ status: "SUCCESS", value: "1" });
    expect(score.reason).not.toBe("");
  }
  const { body } = await api.get<ScoreSummaryItem[]>("/evaluations/analytics/trace-scores/summary");
  for (const item of body) {
    const isApplicable = !(item.metric_name in notesOf(scores));
    expect(item).toMatchObject({
      not_applicable_count: isApplicable ? 0 : 1,
      graded_count: isApplicable ? 1 : 0,
      ...(!isApplicable && { avg_score: null, pass_count: 0 }),
    });
  }
});

test("available tools make tool_correctness applicable, even without a call", async () => {
  const api = server.api.as({ project: "tools" });
  await storeTraces(api, 1, { metadata: { tools: [{ name: "search", description: "Searches the web." }] } });
  const run = await endedRun(api, (await createRun(api, { metrics: ["tool_correctness"] })).id);
  expect(notesOf(await runScores(api, run.id))).toEqual({});
});
