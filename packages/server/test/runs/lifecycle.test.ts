/** @module-tag slow */
import type { EvalRunResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, getRun, runScores } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

let llm: LlmServer;
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  llm = await startLlmServer({ latencyMs: 50 });
  server = await startTestServer({
    environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test", EVAL_CONCURRENCY: "3" },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});

const project = (name: string): ApiClient => server.api.as({ project: name });

test("the counts of an open run never go back, and equal its stored scores", async () => {
  const api = project("counts");
  await storeTraces(api, 12);
  const { id } = await createRun(api, { metrics: ["confidence", "task_completion"] });
  let before = await getRun(api, id);
  while (before.status !== "COMPLETED") {
    const scores = await runScores(api, id);
    const run = await getRun(api, id);
    expect(run.evaluated_count).toBeGreaterThanOrEqual(before.evaluated_count);
    const whole = Object.values(Object.groupBy(scores, (score) => score.trace_id)).filter(
      (of) => of?.length === 2,
    );
    // The run was read after its scores.
    expect(run.evaluated_count).toBeGreaterThanOrEqual(whole.length);
    before = run;
  }
  expect(before).toMatchObject({ evaluated_count: 12, failed_count: 0 });
  expect(await runScores(api, id)).toHaveLength(24);
});

test("no more judge calls are in flight than EVAL_CONCURRENCY allows", async () => {
  expect(llm.maxInFlight).toBeLessThanOrEqual(3);
});

test("a threshold changes what counts as a success, but not the score", async () => {
  const api = project("thresholds");
  await storeTraces(api, 1);
  const [strict, lax] = [{ confidence: 1 }, { confidence: 0 }];
  const scores = [];
  for (const thresholds of [strict, lax]) {
    const run = await endedRun(api, (await createRun(api, { metrics: ["confidence"], thresholds })).id);
    scores.push(...(await runScores(api, run.id)));
  }
  expect(scores.map((score) => score.metadata["success"])).toEqual([false, true]);
  expect(new Set(scores.map((score) => score.value)).size).toBe(1);
});

test("the items of a trace that is deleted during the run end as failed, without rows", async () => {
  const api = project("deleted-trace");
  const ids = await storeTraces(api, 30);
  const { id } = await createRun(api, { metrics: ["confidence"] });
  const last = ids.at(-1);
  await Promise.all(ids.slice(-5).map((traceId) => api.delete(`/traces/${traceId}`)));
  const run = await endedRun(api, id);
  const scores = await runScores(api, id);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 30, total_traces: 30 });
  expect(run.failed_count).toBeGreaterThan(0);
  expect(scores.some((score) => score.trace_id === last)).toBe(false);
});

test("deleting a run stops its judge calls, and keeps or deletes its scores as requested", async () => {
  for (const deleteScores of [false, true]) {
    const api = project(`deleted-run-${deleteScores}`);
    const ids = await storeTraces(api, 60);
    const { id } = await createRun(api, { metrics: ["confidence"] });
    await waitUntil(async () => (await getRun(api, id)).evaluated_count >= 3);
    expect((await api.delete(`/evaluations/trace-runs/${id}?delete_scores=${deleteScores}`)).status).toBe(
      204,
    );
    expect((await api.get(`/evaluations/trace-runs/${id}`)).status).toBe(404);
    await waitUntil(async () => llm.inFlight === 0);
    const asked = llm.requests.length;
    // Another run in the same server goes on while the deleted one does nothing.
    const other = await endedRun(
      api,
      (await createRun(api, { metrics: ["confidence"], sampling_rate: 0.01 })).id,
    );
    expect(other.total_traces).toBe(1);
    expect(llm.requests.length - asked).toBeLessThanOrEqual(4);
    const kept = await api.get<{ total: number; items: EvalRunResponse[] }>(
      "/evaluations/trace-scores?limit=200",
    );
    const orphans = kept.body.items.filter((score) => "eval_run_id" in score && score.eval_run_id === null);
    if (deleteScores) expect(orphans).toEqual([]);
    else expect(orphans.length).toBeGreaterThanOrEqual(3);
    expect(ids).toHaveLength(60);
  }
});

test("a small run is not delayed by a large one of another project", async () => {
  const [large, small] = [project("large"), project("small")];
  await storeTraces(large, 300);
  await storeTraces(small, 2);
  const whole = await createRun(large, { metrics: ["coherence"] });
  const quick = await createRun(small, { metrics: ["coherence"] });
  await endedRun(small, quick.id);
  const run = await endedRun(large, whole.id, 60_000);
  expect(run).toMatchObject({ evaluated_count: 300, failed_count: 0 });
});
