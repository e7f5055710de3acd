/** @module-tag slow */
import { setTimeout as sleep } from "node:timers/promises";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { lockTable } from "../support/lock-table.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun, getRun, pairs, type RunsPath, runScores } from "../support/run-helpers.ts";
import { signalsOf, storeSession } from "../support/session-helpers.ts";
import { spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { type TestServerOptions, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

async function useLlm(options: LlmServerOptions): Promise<LlmServer> {
  const llm = await startLlmServer(options);
  onTestFinished(() => llm.stop());
  return llm;
}

const judgedBy = ({ baseUrl }: LlmServer) => ({
  OPENAI_BASE_URL: baseUrl,
  EVAL_LLM_MODEL: "openai/test",
  EVAL_CONCURRENCY: "3",
});

async function setUp(llm: LlmServer, options: TestServerOptions = {}) {
  return useTestServer({ environment: judgedBy(llm), ...options });
}

async function cancel(api: ApiClient, id: string, path: RunsPath = "trace-runs"): Promise<EvalRunResponse> {
  const { status, body } = await api.post<EvalRunResponse>(`/evaluations/${path}/${id}/cancel`);
  expect(status).toBe(200);
  return body;
}

/** The jobs of the run in the queue. */
const jobsOf = (url: string, runId: string) =>
  query<{ locked: boolean }>(
    url,
    "select locked_at is not null as locked from graphile_worker._private_jobs where payload ->> 'run_id' = $1",
    [runId],
  );

const prices = { "openai/test": { input_usd_per_mtok: 1, output_usd_per_mtok: 10 } };

/** When calls reached the provider, in milliseconds after `since`. */
const callsAfter = (llm: LlmServer, since: number) =>
  llm.requests.map(({ receivedAt }) => receivedAt - since).filter((ms) => ms > 0);

describe("cancelling a run", () => {
  test("starts no new call in the same process, lets calls in flight end, and keeps ended items", async () => {
    const llm = await useLlm({ latencyMs: 300 });
    const { api, database } = await setUp(llm);
    await storeTraces(api, 40);
    const { id } = await createRun(api, { metrics: ["confidence", "task_completion"] });
    await waitUntil(async () => (await getRun(api, id)).evaluated_count > 2 && llm.inFlight === 3);

    const cancelled = await cancel(api, id);
    const since = performance.now();
    expect(cancelled).toMatchObject({ status: "FAILED", error_message: "Cancelled", total_targets: 40 });
    expect(cancelled.completed_at).not.toBeNull();
    expect(cancelled.evaluated_count).toBeGreaterThan(2);
    const scores = await runScores(api, id);

    // No worker has a job of this run any more.
    await waitUntil(async () => (await jobsOf(database.url, id)).length === 0);
    expect(callsAfter(llm, since).filter((ms) => ms > 100)).toEqual([]);
    expect(llm.inFlight).toBe(0);
    expect(llm.answered).toBe(llm.requests.length);
    // The answers of calls in flight are kept in the ledger and counted.
    expect(await getRun(api, id)).toMatchObject({ ...cancelled, usage: { calls: llm.requests.length } });
    expect(pairs(await runScores(api, id))).toEqual(pairs(scores));
    expect(await cancel(api, id)).toEqual(await getRun(api, id));
  });

  test("neither makes nor charges a call that is still being recorded", async () => {
    const llm = await useLlm({ latencyMs: 50 });
    const { api, database } = await setUp(llm, {
      environment: { ...judgedBy(llm), JUDGE_PRICES: JSON.stringify(prices) },
    });
    await storeTraces(api, 30);
    const { id } = await createRun(api, { metrics: ["confidence"], max_cost_usd: 10 });
    await waitUntil(async () => (await getRun(api, id)).evaluated_count > 3);
    const unlock = await lockTable(database.url, "judge_calls");
    // All recorded calls have been answered; calls that hold a slot now cannot be recorded.
    const calls = "select count(*)::integer as count from judge_calls where run_id = $1";
    await waitUntil(
      async () => (await query<{ count: number }>(database.url, calls, [id]))[0]?.count === llm.answered,
    );
    const asked = llm.requests.length;
    await cancel(api, id);
    await sleep(300);
    await unlock();
    await waitUntil(async () => (await jobsOf(database.url, id)).length === 0);
    expect(llm.requests).toHaveLength(asked);
    const { usage } = await getRun(api, id);
    expect(usage).toMatchObject({ calls: asked, input_tokens: 100 * asked, output_tokens: 20 * asked });
    const budget = "select reserved_usd::float8, spent_usd::float8 from eval_run_budgets where run_id = $1";
    expect(await query(database.url, budget, [id])).toEqual([
      { reserved_usd: 0, spent_usd: expect.closeTo(usage?.cost_usd ?? Number.NaN, 9) },
    ]);
  });

  test("starts no new call in another process after two seconds", async () => {
    const llm = await useLlm({ latencyMs: 100 });
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const { api } = await setUp(llm, { role: "api", database });
    const worker = await spawnServer({ DATABASE_URL: database.url, ...judgedBy(llm) }, ["--role", "worker"]);
    onTestFinished(async () => void (await worker.end("SIGKILL")));
    await storeTraces(api, 150);
    const { id } = await createRun(api, { metrics: ["task_completion"] });
    await waitUntil(async () => (await getRun(api, id)).evaluated_count > 5);
    await cancel(api, id);
    const since = performance.now();
    await waitUntil(async () => llm.inFlight === 0 && (await jobsOf(database.url, id)).length === 0);
    expect(callsAfter(llm, since).filter((ms) => ms > 2000)).toEqual([]);
    expect((await getRun(api, id)).evaluated_count).toBeLessThan(150);
  });

  test("starts no new call even if the notification is missed", async () => {
    const llm = await useLlm({ latencyMs: 2500 });
    const { api, database } = await setUp(llm);
    await storeTraces(api, 3);
    const { id } = await createRun(api, { metrics: ["task_completion"] });
    await waitUntil(async () => llm.inFlight === 3);
    // Like a cancel without the notification. A second question about each trace would follow.
    await query(database.url, "update eval_runs set status = 'FAILED' where id = $1", [id]);
    await waitUntil(async () => (await jobsOf(database.url, id)).length === 0);
    expect([llm.requests.length, llm.answered]).toEqual([3, 3]);
  });

  test("aborts calls that have not ended after ten seconds", { timeout: 60_000 }, async () => {
    const llm = await useLlm({ fault: () => ({ kind: "hang" }) });
    const { api, database } = await setUp(llm);
    await storeTraces(api, 10);
    const { id } = await createRun(api, { metrics: ["confidence"] });
    await waitUntil(async () => llm.inFlight === 3);
    const since = performance.now();
    await cancel(api, id);
    await waitUntil(async () => llm.inFlight === 0);
    const seconds = (performance.now() - since) / 1000;
    expect(seconds).toBeGreaterThan(9.5);
    expect(seconds).toBeLessThan(25);
    expect(llm.requests).toHaveLength(3);
    await waitUntil(async () => (await jobsOf(database.url, id)).length === 0);
  });

  test("removes its waiting jobs from the queue at once, including the dispatcher's", async () => {
    const llm = await useLlm({ latencyMs: 1500 });
    const { api, database } = await setUp(llm);
    await storeTraces(api, 60);
    const { id } = await createRun(api, { metrics: ["confidence"] });
    await waitUntil(async () => llm.inFlight === 3);
    expect((await jobsOf(database.url, id)).length).toBeGreaterThan(50);
    await cancel(api, id);
    expect((await jobsOf(database.url, id)).filter(({ locked }) => !locked)).toEqual([]);
    const idle = await useTestServer({ role: "api" });
    await storeTraces(idle.api, 3);
    const waiting = await createRun(idle.api, { metrics: ["confidence"] });
    expect(await jobsOf(idle.database.url, waiting.id)).toHaveLength(1);
    await cancel(idle.api, waiting.id);
    expect(await jobsOf(idle.database.url, waiting.id)).toEqual([]);
  });

  test("over sessions keeps the signals, and a retry copies them", async () => {
    const llm = await useLlm({ latencyMs: 150 });
    const { api, database } = await setUp(llm);
    const turns = Array.from({ length: 12 }, () => ({}));
    await storeSession(api, "long", turns);
    const { id } = await createRun(api, { metrics: ["agent_reliability"] }, "session-runs");
    await waitUntil(async () => (await signalsOf(api, id)).length > 4);
    const cancelled = await cancel(api, id, "session-runs");
    expect(cancelled).toMatchObject({ status: "FAILED", error_message: "Cancelled", evaluated_count: 0 });
    const signals = await signalsOf(api, id);
    await waitUntil(async () => (await jobsOf(database.url, id)).length === 0);
    expect(await signalsOf(api, id)).toEqual(signals);
    const retry = await api.post<EvalRunResponse>(`/evaluations/session-runs/${id}/retry`);
    expect(await endedRun(api, retry.body.id, 30_000, "session-runs")).toMatchObject({
      status: "COMPLETED",
      evaluated_count: 1,
      failed_count: 0,
    });
  });

  test("leaves exactly the items without a success to a retry", async () => {
    const llm = await useLlm({ latencyMs: 50 });
    const { api } = await setUp(llm);
    const ids = await storeTraces(api, 30);
    const { id } = await createRun(api, { metrics: ["confidence"] });
    await waitUntil(async () => (await getRun(api, id)).evaluated_count > 3);
    await cancel(api, id);
    const done = await runScores(api, id);
    const retry = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${id}/retry`);
    expect(retry.body.total_targets).toBe(30 - done.length);
    expect(await endedRun(api, retry.body.id)).toMatchObject({ status: "COMPLETED" });
    const all = [...done, ...(await runScores(api, retry.body.id))].map(({ trace_id }) => trace_id);
    expect(all.sort()).toEqual(ids.sort());
  });

  test("ends a run once, even if other requests end, delete or retry it at the same moment", async () => {
    const { api, database } = await useTestServer();
    await storeTraces(api, 6);
    for (let n = 0; n < 12; n += 1) {
      const { id } = await createRun(api, { metrics: ["confidence", "coherence"] });
      await waitUntil(async () => n % 3 === 0 || (await getRun(api, id)).evaluated_count >= n % 3);
      const [first, second] = await Promise.all([cancel(api, id), cancel(api, id)]);
      expect(second).toEqual(first);
      if (first.status === "COMPLETED") expect(first).toMatchObject({ evaluated_count: 6 });
      else expect(first).toMatchObject({ status: "FAILED", error_message: "Cancelled" });
      const scores = pairs(await runScores(api, id));
      await waitUntil(async () => (await jobsOf(database.url, id)).length === 0);
      expect(await getRun(api, id)).toEqual(first);
      expect(pairs(await runScores(api, id))).toEqual(scores);
    }
    const { id } = await createRun(api, { metrics: ["confidence"] });
    const path = `/evaluations/trace-runs/${id}`;
    const answers = await Promise.all([
      api.post(`${path}/cancel`),
      api.post(`${path}/retry`),
      api.delete(path),
      api.post(`${path}/cancel`),
      api.post(`${path}/retry`),
    ]);
    expect(answers[2]?.status).toBe(204);
    for (const { status } of answers) expect([200, 202, 204, 404, 422]).toContain(status);
    expect((await api.get(path)).status).toBe(404);
  });
});
