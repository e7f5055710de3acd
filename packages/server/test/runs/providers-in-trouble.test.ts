/** @module-tag slow */
import type { EvalRunResponse } from "@pandaprobe/contract";
import { expect, onTestFinished, test } from "vitest";
import { type Fault, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, getRun, runScores } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

async function setUp(options: LlmServerOptions, environment: Record<string, string> = {}) {
  const llm = await startLlmServer(options);
  onTestFinished(() => llm.stop());
  const { api } = await useTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_CONCURRENCY: "4",
      EVAL_CALL_TIMEOUT_SECONDS: "2",
      ...environment,
    },
  });
  return { llm, api };
}

const status = (code: number, headers: Record<string, string> = {}): Fault => ({
  kind: "status",
  status: code,
  headers,
});

test("a wrong key fails the run at once and says what to do; a new run tries the key again", async () => {
  let isWrong = true;
  const { api, llm } = await setUp({ latencyMs: 20, fault: () => (isWrong ? status(401) : undefined) });
  await storeTraces(api, 50);
  const run = await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id);
  expect(run).toMatchObject({ status: "FAILED", evaluated_count: 0, failed_count: 0, waiting_for: null });
  expect(run.error_message).toMatch(
    /^The judge openai\/test answered 401 Unauthorized.*Check OPENAI_API_KEY/,
  );
  expect(llm.requests.length).toBeLessThanOrEqual(4);
  expect(await runScores(api, run.id)).toEqual([]);

  isWrong = false;
  const retried = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${run.id}/retry`);
  expect(await endedRun(api, retried.body.id)).toMatchObject({
    status: "COMPLETED",
    evaluated_count: 50,
    failed_count: 0,
  });
});

test("an error that concerns one trace fails only that trace", async () => {
  const { api } = await setUp(
    { fault: ({ body }) => (JSON.stringify(body).includes("unlucky") ? status(403) : undefined) },
    { EVAL_CONCURRENCY: "1" },
  );
  await storeTraces(api, 2);
  // So that the model has answered before, whichever trace comes first.
  await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id);
  await storeTraces(api, 1, { name: "unlucky" });
  await storeTraces(api, 2);
  const run = await createRun(api, { metrics: ["confidence"] });
  expect(await endedRun(api, run.id)).toMatchObject({ status: "COMPLETED", failed_count: 1 });
});

test("a run waits for a provider that is down, and says so; runs of other models continue", async () => {
  let isDown = true;
  const { api, llm } = await setUp({
    fault: ({ body }) => (isDown && body.model === "down" ? status(503) : undefined),
  });
  await storeTraces(api, 6);
  const waiting = await createRun(api, { metrics: ["confidence"], model: "openai/down" });
  const waits = await waitUntil(async () => {
    const run = await getRun(api, waiting.id);
    return run.waiting_for !== null && run;
  });
  expect(waits).toMatchObject({
    status: "RUNNING",
    waiting_for: { model: "openai/down", reason: expect.stringContaining("answered 503") },
  });
  const listed = await api.get<{ items: EvalRunResponse[] }>("/evaluations/trace-runs");
  expect(listed.body.items[0]?.waiting_for).toMatchObject({ model: "openai/down" });

  const other = await createRun(api, { metrics: ["confidence"], model: "openai/up" });
  expect(await endedRun(api, other.id)).toMatchObject({
    status: "COMPLETED",
    failed_count: 0,
    waiting_for: null,
  });
  expect(await getRun(api, waiting.id)).toMatchObject({ status: "RUNNING", failed_count: 0 });

  const asked = () => llm.requests.filter(({ body }) => body.model === "down").length;
  const before = asked();
  isDown = false;
  expect(await endedRun(api, waiting.id)).toMatchObject({
    status: "COMPLETED",
    failed_count: 0,
    waiting_for: null,
  });
  // The first four, a few retries, and then single probes.
  expect(before).toBeLessThan(14);
  expect(asked() - before).toBe(6);
});

test("a run fails once its provider has been down for too long, and a retry evaluates the rest", async () => {
  let isDown = true;
  const { api, llm } = await setUp(
    { fault: () => (isDown ? { kind: "reset" } : undefined) },
    { EVAL_PROVIDER_PATIENCE_SECONDS: "3" },
  );
  await storeTraces(api, 30);
  const run = await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id);
  expect(run).toMatchObject({ status: "FAILED", evaluated_count: 0 });
  expect(run.error_message).toMatch(
    /^The judge openai\/test could not be used for \d s: it could not be reached \(.*EVAL_PROVIDER_PATIENCE_SECONDS/,
  );
  expect(llm.requests.length).toBeLessThan(20);
  isDown = false;
  const retried = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${run.id}/retry`);
  expect(await endedRun(api, retried.body.id)).toMatchObject({ evaluated_count: 30, failed_count: 0 });
});

test("a storm of 429s fails no score and costs few calls: all wait as long as the provider asks", async () => {
  const stormMs = 2_000;
  let until = 0;
  const { api, llm } = await setUp({
    latencyMs: 5,
    fault: ({ n }) => {
      if (n === 20) until = performance.now() + stormMs;
      return performance.now() < until ? status(429, { "retry-after": "2" }) : undefined;
    },
  });
  await storeTraces(api, 60);
  const run = await createRun(api, { metrics: ["confidence"] });
  expect(await endedRun(api, run.id)).toMatchObject({
    status: "COMPLETED",
    evaluated_count: 60,
    failed_count: 0,
  });
  // At most the calls in flight were refused.
  expect(llm.requests.length).toBeLessThanOrEqual(60 + 8);
});
