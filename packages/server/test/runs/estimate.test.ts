/** @module-tag slow */
import type { EvalRunResponse, RunEstimate } from "@pandaprobe/contract";
import { expect, onTestFinished, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { rightAnswer } from "../support/llm-answer.ts";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun, type RunsPath } from "../support/run-helpers.ts";
import { bothMetrics, storeSession } from "../support/session-helpers.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";

const prices = {
  "openai/test": { input_usd_per_mtok: 1, output_usd_per_mtok: 5 },
  "openai/embeds": { input_usd_per_mtok: 0.1 },
};
const metrics = ["task_completion", "confidence", "step_efficiency", "coherence"];

/** A provider that counts a token for every four bytes it receives, and never gives the same answer twice. */
async function setUp(environment: Record<string, string> = {}): Promise<TestServer & { llm: LlmServer }> {
  const llm = await startLlmServer({
    answer: ({ n, ...request }) =>
      request.path === "/embeddings"
        ? undefined
        : JSON.stringify(rightAnswer(request.body)).replaceAll("test server", `test server to call ${n}`),
    usage: ({ path, body }) => {
      const sent = path === "/embeddings" ? body.input : body.messages.map(({ content }) => content);
      return {
        input: Math.ceil(Buffer.byteLength(sent.join("")) / 4),
        output: path === "/embeddings" ? 0 : 30,
      };
    },
  });
  onTestFinished(() => llm.stop());
  const server = await useTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_EMBEDDING_MODEL: "openai/embeds",
      JUDGE_PRICES: JSON.stringify(prices),
      ...environment,
    },
  });
  return { ...server, llm };
}

async function estimate(api: ApiClient, body: object, path: RunsPath = "trace-runs"): Promise<RunEstimate> {
  const answer = await api.post<RunEstimate>(`/evaluations/${path}/estimate`, body);
  expect(answer.status).toBe(200);
  return answer.body;
}

async function evaluate(
  api: ApiClient,
  body: object,
  path: RunsPath = "trace-runs",
): Promise<EvalRunResponse> {
  const run = await endedRun(api, (await createRun(api, body, path)).id, 30_000, path);
  expect(run).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  return run;
}

/** Checks that the usage of a run lies within its estimate. */
function expectWithin(estimated: RunEstimate, { usage, total_targets }: EvalRunResponse): void {
  expect(estimated.targets).toBe(total_targets);
  for (const [range, actual] of [
    [estimated.input_tokens, usage.input_tokens],
    [estimated.output_tokens, usage.output_tokens],
    [estimated.cost_usd ?? { low: 0, high: 0 }, usage.cost_usd ?? 0],
  ] as const) {
    expect(actual).toBeGreaterThanOrEqual(range.low);
    expect(actual).toBeLessThanOrEqual(range.high);
  }
}

test("an estimate says what the run then does and what is cached, and makes no calls", async () => {
  const { api, llm, database } = await setUp();
  await storeTraces(api, 6);
  const before = await estimate(api, { metrics });
  expect(llm.requests).toHaveLength(0);
  const [rows] = await query(
    database.url,
    `select (select count(*)::integer from eval_runs) as runs, (select count(*)::integer from eval_run_usage) as used,
       (select count(*)::integer from judge_calls) as calls, (select count(*)::integer from trace_scores) as scores,
       (select count(*)::integer from judge_answers) as answers`,
  );
  expect(rows).toEqual({ runs: 0, used: 0, calls: 0, scores: 0, answers: 0 });

  const run = await evaluate(api, { metrics });
  // Task and outcome, and their score; confidence; the task, and its score; two embeddings.
  expect(before).toMatchObject({ targets: 6, calls: 6 * 6, cached_calls: 0 });
  expect(run.usage.calls).toBe(before.calls);
  expectWithin(before, run);

  const after = await estimate(api, { metrics });
  expect(after).toEqual({
    targets: 6,
    calls: 0,
    cached_calls: 6 * 6,
    input_tokens: { low: 0, high: 0 },
    output_tokens: { low: 0, high: 0 },
    cost_usd: { low: 0, high: 0 },
  });
  expect((await evaluate(api, { metrics })).usage).toMatchObject({
    calls: 0,
    cached_calls: after.cached_calls,
  });
  expect(await estimate(api, { metrics, fresh: true })).toEqual(before);
  const other = api.as({ project: "other" });
  await storeTraces(other, 6);
  expect(await estimate(other, { metrics })).toEqual(before);

  // Their texts are embedded already.
  await storeTraces(api, 2, { name: "new" });
  const mixed = await estimate(api, { metrics });
  expect(mixed).toMatchObject({ targets: 8, calls: 2 * 5, cached_calls: 8 * 6 - 2 * 5 });
  expectWithin(mixed, await evaluate(api, { metrics }));
});

test("a run with the upper estimate as its budget is never cut short", async () => {
  const { api } = await setUp();
  await storeTraces(api, 5);
  const { cost_usd } = await estimate(api, { metrics });
  await evaluate(api, { metrics, max_cost_usd: cost_usd?.high });
});

/** Without tools, only the judge's answer decides whether tool_correctness asks its second question. */
const withTools = { metadata: { tools: [{ name: "search", description: "Searches the web." }] } };

test("sessions are estimated by the signals of their traces", async () => {
  const { api, llm } = await setUp();
  const traces = Array.from({ length: 4 }, () => withTools);
  for (const name of ["one", "two", "three"]) await storeSession(api, name, traces);
  const body = { metrics: bothMetrics };
  const before = await estimate(api, body, "session-runs");
  expect(llm.requests).toHaveLength(0);
  const run = await evaluate(api, body, "session-runs");
  const asked = llm.requests.filter(({ path }) => path === "/chat/completions").length;
  const embedded = before.calls - asked;
  // How many texts share one embedding call depends on timing.
  expect(embedded).toBeGreaterThan(0);
  expect(embedded).toBeLessThanOrEqual(24);
  expectWithin(before, run);
  expect(await estimate(api, body, "session-runs")).toMatchObject({ targets: 3, calls: 0 });
  // With an Idempotency-Key, everything is read in the transaction that stores the answer.
  const answers = [1, 2].map(() =>
    api.post("/evaluations/session-runs/estimate", { ...body, fresh: true }, { "idempotency-key": "once" }),
  );
  const [first, second] = await Promise.all(answers);
  expect(first).toMatchObject({ status: 200, body: { targets: 3 } });
  expect(second?.body).toEqual(first?.body);
});

test("for many traces the estimate extrapolates from a sample", async () => {
  const { api } = await setUp();
  await storeTraces(api, 150);
  const body = { metrics: ["confidence"] };
  const all = await estimate(api, body);
  expect(all).toMatchObject({ targets: 150, calls: 150 });
  expect(await estimate(api, { ...body, sampling_rate: 0.5 })).toMatchObject({ targets: 75, calls: 75 });
  expect(await estimate(api, { ...body, sampling_rate: 0 })).toMatchObject({
    targets: 0,
    calls: 0,
    cost_usd: { low: 0, high: 0 },
  });
  expectWithin(all, await evaluate(api, body));
});

test("for long sessions the estimate extrapolates from the beginning", async () => {
  const { api } = await setUp();
  await storeTraces(api, 130, { session_id: "long", ...withTools });
  await storeSession(api, "short", [withTools]);
  const body = { metrics: bothMetrics };
  const estimated = await estimate(api, body, "session-runs");
  const { total_targets, usage } = await evaluate(api, body, "session-runs");
  expect(estimated.targets).toBe(total_targets);
  // Each trace takes three questions. How many texts share one embedding call depends on timing.
  expect(usage.calls).toBeGreaterThan(393);
  expect(estimated.calls / usage.calls).toBeGreaterThan(0.8);
  expect(estimated.calls / usage.calls).toBeLessThan(1.25);
});

test("the heuristic costs nothing, and an unknown price gives an unknown cost", async () => {
  const { api } = await setUp({ JUDGE_PRICES: "" });
  await storeTraces(api, 2, { session_id: "talk" });
  const free = {
    calls: 0,
    cached_calls: 0,
    input_tokens: { low: 0, high: 0 },
    output_tokens: { low: 0, high: 0 },
    cost_usd: { low: 0, high: 0 },
  };
  expect(await estimate(api, { metrics, model: "heuristic/v1" })).toEqual({ targets: 2, ...free });
  const session = { metrics: bothMetrics, model: "heuristic/v1" };
  expect(await estimate(api, session, "session-runs")).toEqual({ targets: 1, ...free });
  const unknown = await estimate(api, { metrics });
  expect(unknown).toMatchObject({ calls: 12, cost_usd: null });
  expect(unknown.input_tokens.low).toBeGreaterThan(0);
});

test("an estimate is refused for the same reasons as its run", async () => {
  const { api } = await setUp({ JUDGE_PRICES: "" });
  const bodies = {
    "trace-runs": [
      { metrics: ["loop_detection"] },
      { metrics: [] },
      { metrics, filters: { tag: "production" } },
      { metrics },
      { metrics, model: "unknown/x" },
      { metrics, model: "anthropic/claude-haiku-5-5" },
      { metrics, max_cost_usd: 1 },
      { metrics, max_cost_usd: -1 },
      { metrics, sampling_rate: 2 },
    ],
    "session-runs": [
      { metrics: ["confidence"] },
      { metrics: bothMetrics, filters: { name: "x" } },
      { metrics: bothMetrics },
      { metrics: bothMetrics, signal_weights: { mood: 1 } },
      { metrics: bothMetrics, max_cost_usd: 1 },
    ],
  };
  for (const [path, refused] of Object.entries(bodies)) {
    for (const body of refused) {
      const run = await api.post<{ code: string; detail: string }>(`/evaluations/${path}`, body);
      const estimated = await api.post<{ code: string; detail: string }>(
        `/evaluations/${path}/estimate`,
        body,
      );
      expect(run.status).toBeGreaterThanOrEqual(400);
      expect(estimated.status).toBe(run.status);
      expect({ ...estimated.body, request_id: "" }).toEqual({ ...run.body, request_id: "" });
    }
  }
});
