/** @module-tag slow */
import { expect, onTestFinished, test } from "vitest";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

const copies = 24;
/** Traces that give the same question: everything that a judge is shown is equal. */
const same = {
  name: "same",
  input: "What is 2 plus 2?",
  output: "It is 4.",
  started_at: "2026-03-01T00:00:00Z",
};

async function useLlm(options: LlmServerOptions = {}): Promise<LlmServer> {
  const llm = await startLlmServer({ latencyMs: 100, ...options });
  onTestFinished(() => llm.stop());
  return llm;
}

const asking = (llm: LlmServer) => ({
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/test",
  EVAL_CONCURRENCY: "16",
});

test("a question that several targets share is asked once, and counts as cached for the others", async () => {
  const llm = await useLlm();
  const { api } = await useTestServer({ environment: asking(llm) });
  await storeTraces(api, copies, same);
  const runs = await Promise.all([1, 2].map(() => createRun(api, { metrics: ["confidence"] })));
  const ended = await Promise.all(runs.map(({ id }) => endedRun(api, id)));
  expect(ended.map(({ failed_count }) => failed_count)).toEqual([0, 0]);
  expect(llm.requests).toHaveLength(1);
  const usages = ended.map(({ usage }) => usage);
  expect(usages.map(({ calls }) => calls).sort()).toEqual([0, 1]);
  expect(usages.reduce((sum, { cached_calls }) => sum + cached_calls, 0)).toBe(2 * copies - 1);
});

test("a fresh run asks each of its questions once, for itself", async () => {
  const llm = await useLlm();
  const { api } = await useTestServer({ environment: asking(llm) });
  await storeTraces(api, 8, same);
  const runs = await Promise.all([1, 2].map(() => createRun(api, { metrics: ["confidence"], fresh: true })));
  await Promise.all(runs.map(({ id }) => endedRun(api, id)));
  expect(llm.requests).toHaveLength(2);
});

test("if the asking run is cancelled or out of budget, another run asks", async () => {
  const llm = await useLlm({ latencyMs: 2_000 });
  const prices = { "openai/test": { input_usd_per_mtok: 1, output_usd_per_mtok: 5 } };
  const { api } = await useTestServer({
    environment: { ...asking(llm), JUDGE_PRICES: JSON.stringify(prices) },
  });
  await storeTraces(api, 1, same);
  const poor = await createRun(api, { metrics: ["confidence"], max_cost_usd: 0.000_001 });
  expect(await endedRun(api, poor.id)).toMatchObject({ status: "COMPLETED", failed_count: 1 });
  const first = await createRun(api, { metrics: ["confidence"] });
  await waitUntil(async () => llm.inFlight === 1);
  const second = await createRun(api, { metrics: ["confidence"] });
  await api.post(`/evaluations/trace-runs/${first.id}/cancel`);
  expect(await endedRun(api, second.id)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
});

test("two processes ask the same question only once", async () => {
  const llm = await useLlm({ latencyMs: 400 });
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const environment = {
    ...asking(llm),
    DATABASE_URL: database.url,
    EVAL_CONCURRENCY: "2",
  };
  const other = await spawnServer(environment);
  onTestFinished(async () => void (await other.end("SIGTERM")));
  const { api } = await useTestServer({ database, environment });
  await storeTraces(api, copies, same);
  const run = await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id, 20_000);
  expect(run).toMatchObject({ status: "COMPLETED", failed_count: 0, usage: { calls: 1 } });
  expect(llm.requests).toHaveLength(1);
  expect(await query(database.url, "select from judge_claims")).toHaveLength(0);
});

test("the claim of a dead process is free once its lease has expired", async () => {
  const llm = await useLlm();
  const { api, database } = await useTestServer({ environment: asking(llm) });
  await storeTraces(api, 1, same);
  await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id);
  // The state while another process asks: the question is claimed and has no answer.
  await query(
    database.url,
    `with forgotten as (delete from judge_answers returning project_id, key)
     insert into judge_claims select project_id, key, gen_random_uuid(), gen_random_uuid(), now() + interval '2 s'
     from forgotten`,
  );
  const startedAt = performance.now();
  const run = await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id);
  expect(run).toMatchObject({ failed_count: 0, usage: { calls: 1 } });
  expect(performance.now() - startedAt).toBeGreaterThan(1_500);
});
