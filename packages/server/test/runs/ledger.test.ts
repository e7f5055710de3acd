/** @module-tag slow */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import { ApiClient } from "../support/api-client.ts";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { lockTable } from "../support/lock-table.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun, getRun, runScores } from "../support/run-helpers.ts";
import { bothMetrics, evaluateSessions, storeSession } from "../support/session-helpers.ts";
import { spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ledgerRows } from "./support/ledger-rows.ts";

/** The local provider counts 100 tokens of each question and 20 of each answer: 0.0002 USD. */
const prices = { "openai/test": { input_usd_per_mtok: 1, output_usd_per_mtok: 5 } };
const oneTask = { calls: 2, cached_calls: 0, input_tokens: 200, output_tokens: 40, cost_usd: 0.0004 };
const allKnown = { calls: 0, cached_calls: 2, input_tokens: 0, output_tokens: 0, cost_usd: 0 };

async function useLlm(options: LlmServerOptions = {}): Promise<LlmServer> {
  const llm = await startLlmServer(options);
  onTestFinished(() => llm.stop());
  return llm;
}

const asking = (llm: LlmServer) => ({
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/test",
  EVAL_EMBEDDING_MODEL: "openai/embeds",
  JUDGE_PRICES: JSON.stringify(prices),
});

async function setUp(
  options: LlmServerOptions = {},
  environment: Record<string, string> = {},
): Promise<TestServer & { llm: LlmServer }> {
  const llm = await useLlm(options);
  const server = await useTestServer({ environment: { ...asking(llm), ...environment } });
  return { ...server, llm };
}

const evaluate = async (api: ApiClient, body: object = {}) =>
  endedRun(api, (await createRun(api, { metrics: ["task_completion"], ...body })).id);

test("a stored answer that cannot be read is asked for again, once", async () => {
  const { api, llm, database } = await setUp();
  await storeTraces(api, 1);
  await evaluate(api);
  // Another version may have stored it like this.
  await query(database.url, "update judge_answers set answer = '{}'");
  expect(await evaluate(api)).toMatchObject({ failed_count: 0, usage: { calls: 2 } });
  expect(await evaluate(api)).toMatchObject({ failed_count: 0, usage: { calls: 0 } });
  expect(llm.requests).toHaveLength(4);
});

test("another run over the same trace does not ask again what was answered", async () => {
  const { api, llm } = await setUp();
  await storeTraces(api, 1);
  const first = await evaluate(api);
  expect(first).toMatchObject({ failed_count: 0, usage: oneTask });
  const second = await evaluate(api);
  expect(second).toMatchObject({ failed_count: 0, usage: allKnown });
  expect(llm.requests).toHaveLength(2);
  const values = await Promise.all(
    [first, second].map(async ({ id }) => (await runScores(api, id))[0]?.value),
  );
  expect(values[0]).toBe(values[1]);
  const { body } = await api.get<{ items: { id: string; usage: unknown }[] }>("/evaluations/trace-runs");
  expect(body.items.map(({ usage }) => usage)).toEqual([allKnown, oneTask]);
});

test("costs are exact decimals: 200 tokens at 0.07 USD per million cost 0.000014 USD", async () => {
  const cheap = { "openai/test": { input_usd_per_mtok: 0.07, output_usd_per_mtok: 0 } };
  const { api } = await setUp({}, { JUDGE_PRICES: JSON.stringify(cheap) });
  await storeTraces(api, 1);
  // In binary fractions, 100 × 0.07 is 7.000000000000001.
  expect((await evaluate(api)).usage.cost_usd).toBe(0.000014);
});

test("a fresh run asks again, and other runs do not reuse its answers", async () => {
  const { api, llm } = await setUp();
  const [trace] = await storeTraces(api, 1);
  expect((await evaluate(api, { fresh: true })).usage).toEqual(oneTask);
  expect((await evaluate(api)).usage).toEqual(oneTask);
  expect((await evaluate(api, { fresh: true })).usage).toEqual(oneTask);
  const batch = await api.post<{ id: string }>("/evaluations/trace-runs/batch", {
    trace_ids: [trace],
    metrics: ["task_completion"],
    fresh: true,
  });
  expect((await endedRun(api, batch.body.id)).usage).toEqual(oneTask);
  expect(llm.requests).toHaveLength(8);
});

test("a retry asks only unanswered questions, unless it is fresh", async () => {
  const { api, llm } = await setUp({
    fault: ({ n }) => (n === 2 ? { kind: "status", status: 400 } : undefined),
  });
  await storeTraces(api, 1);
  const failed = await evaluate(api);
  expect(failed).toMatchObject({ failed_count: 1, usage: { calls: 2, cost_usd: 0.0002 } });
  const retry = async (body: object) => {
    const answer = await api.post<{ id: string }>(`/evaluations/trace-runs/${failed.id}/retry`, body);
    return endedRun(api, answer.body.id);
  };
  expect(await retry({})).toMatchObject({ failed_count: 0, usage: { calls: 1, cached_calls: 1 } });
  expect(llm.requests).toHaveLength(3);
  expect((await retry({ fresh: true })).usage).toEqual(oneTask);
});

test("a server that is killed in the middle of a run does not repeat questions that the ledger can answer", {
  timeout: 90_000,
}, async () => {
  const llm = await useLlm({ latencyMs: 100 });
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const apiKey = generateApiKey();
  const environment = {
    ...asking(llm),
    DATABASE_URL: database.url,
    PANDAPROBE_API_KEY: apiKey,
    EVAL_CONCURRENCY: "4",
    WORKER_HEARTBEAT_SECONDS: "1",
    WORKER_DEAD_AFTER_SECONDS: "3",
  };
  const first = await spawnServer(environment);
  onTestFinished(async () => void (await first.end("SIGKILL")));
  const dying = new ApiClient({ url: first.url, apiKey, project: "test" });
  await storeTraces(dying, 80);
  const { id } = await createRun(dying, { metrics: ["confidence"] });
  await waitUntil(async () => (await getRun(dying, id)).evaluated_count > 5);
  await first.end("SIGKILL");

  const { api } = await useTestServer({ database, environment, role: "api" });
  const { answers, underWay } = await ledgerRows(database.url);
  const before = llm.requests.length;
  expect((await getRun(api, id)).usage.calls).toBe(answers + underWay);
  await useTestServer({ database, environment, role: "worker" });
  const run = await endedRun(api, id, 60_000);
  expect(run).toMatchObject({ evaluated_count: 80, failed_count: 0 });
  expect(llm.requests.length - before).toBe(80 - answers);
  const ended = await ledgerRows(database.url);
  expect(ended).toMatchObject({ answers: 80, underWay: 0 });
  expect(ended.statuses["UNKNOWN"] ?? 0).toBe(underWay);
  // Calls that were in flight are charged at their highest cost.
  expect(run.usage.calls).toBe(80 + underWay);
  expect(run.usage.cost_usd).toBeCloseTo(80 * 0.0002 + ended.unknownUsd, 12);
  expect(ended.unknownUsd).toBeGreaterThanOrEqual(underWay * 0.0002);
});

test("an answer in the wrong form is charged and counted, but not kept", async () => {
  let wrong = 1;
  const { api, llm, database } = await setUp({
    fault: () => (wrong-- > 0 ? { kind: "says", text: '{"no":"such form"}' } : undefined),
  });
  await storeTraces(api, 1);
  expect(await evaluate(api)).toMatchObject({
    failed_count: 0,
    usage: { calls: 3, input_tokens: 300, output_tokens: 60, cost_usd: 0.0006 },
  });
  expect(await ledgerRows(database.url)).toMatchObject({ answers: 2, statuses: { ANSWERED: 3 } });
  // The answer of the second attempt is kept.
  expect((await evaluate(api)).usage).toEqual(allKnown);
  expect(llm.requests).toHaveLength(3);
});

test("a call that hung is charged at its highest cost", async () => {
  let hangs = 1;
  const { api, database } = await setUp(
    { fault: () => (hangs-- > 0 ? { kind: "hang" } : undefined) },
    { EVAL_CALL_TIMEOUT_SECONDS: "1" },
  );
  await storeTraces(api, 1);
  const { usage, failed_count } = await evaluate(api);
  const { unknownUsd, statuses, errors } = await ledgerRows(database.url);
  expect(failed_count).toBe(0);
  expect(statuses).toEqual({ ANSWERED: 2, UNKNOWN: 1 });
  expect(errors).toHaveLength(1);
  expect(usage).toMatchObject({ calls: 3, input_tokens: 200 });
  expect(usage.cost_usd).toBeCloseTo(0.0004 + unknownUsd, 12);
  // More than the output limit of 4,096 tokens alone costs.
  expect(unknownUsd).toBeGreaterThan((4096 * 5) / 1e6);
});

test("a call that the provider refuses costs nothing, and its message is stored without secrets", async () => {
  let refusals = 1;
  const message = "Incorrect API key provided: sk-test-0123456789abcdef.";
  const { api, database } = await setUp({
    fault: () => (refusals-- > 0 ? { kind: "status", status: 503, body: { error: { message } } } : undefined),
  });
  await storeTraces(api, 1);
  expect((await evaluate(api)).usage).toEqual({ ...oneTask, calls: 3 });
  const { statuses, errors } = await ledgerRows(database.url);
  expect(statuses).toEqual({ ANSWERED: 2, FAILED: 1 });
  expect(errors).toEqual(["answered 503 Service Unavailable: “Incorrect API key provided: [redacted]”"]);
});

test("a call that a gateway timed out is charged at its highest cost", async () => {
  let timeouts = 1;
  const { api, database } = await setUp({
    fault: () => (timeouts-- > 0 ? { kind: "status", status: 504 } : undefined),
  });
  await storeTraces(api, 1);
  const { usage } = await evaluate(api);
  const { unknownUsd, statuses } = await ledgerRows(database.url);
  expect(statuses).toEqual({ ANSWERED: 2, UNKNOWN: 1 });
  expect(usage.cost_usd).toBeCloseTo(0.0004 + unknownUsd, 12);
  expect(unknownUsd).toBeGreaterThan((4096 * 5) / 1e6);
});

test("an answer is durable before it is used, and holds no slot while it is stored", async () => {
  const { api, llm, database } = await setUp({}, { EVAL_CONCURRENCY: "2" });
  await storeTraces(api, 8);
  const unlock = await lockTable(database.url, "judge_answers");
  const { id } = await createRun(api, { metrics: ["confidence"] });
  // More than there are slots.
  await waitUntil(async () => llm.answered > 4);
  expect(await getRun(api, id)).toMatchObject({ evaluated_count: 0 });
  expect(await runScores(api, id)).toEqual([]);
  await unlock();
  expect(await endedRun(api, id)).toMatchObject({ status: "COMPLETED", failed_count: 0, evaluated_count: 8 });
  expect(llm.requests).toHaveLength(8);
});

test("a call whose recording takes too long is neither made nor charged", async () => {
  const { api, llm, database } = await setUp({}, { EVAL_CALL_TIMEOUT_SECONDS: "1" });
  await storeTraces(api, 2);
  const unlock = await lockTable(database.url, "judge_calls");
  const { id } = await createRun(api, { metrics: ["confidence"] });
  await sleep(2_500);
  expect(llm.requests).toEqual([]);
  await unlock();
  expect(await endedRun(api, id)).toMatchObject({
    status: "COMPLETED",
    evaluated_count: 2,
    usage: { calls: llm.requests.length },
  });
  await waitUntil(async () => (await ledgerRows(database.url)).underWay === 0);
  expect(await ledgerRows(database.url)).toMatchObject({
    statuses: { ANSWERED: llm.requests.length },
    unknownUsd: 0,
  });
  expect((await ledgerRows(database.url)).statuses).not.toHaveProperty("UNKNOWN");
});

test("without a configured price the cost is unknown; the heuristic makes no calls", async () => {
  const { api } = await setUp({}, { JUDGE_PRICES: "" });
  await storeTraces(api, 1);
  expect((await evaluate(api)).usage).toEqual({ ...oneTask, cost_usd: null });
  expect((await evaluate(api)).usage).toEqual(allKnown);
  const free = await evaluate(api, { model: "heuristic/v1" });
  expect(free).toMatchObject({ failed_count: 0, usage: { ...allKnown, cached_calls: 0 } });
});

test("another project does not see the answers", async () => {
  const { api, llm, url, apiKey } = await setUp();
  const other = new ApiClient({ url, apiKey, project: "other" });
  for (const client of [api, other]) {
    await storeTraces(client, 1);
    expect((await evaluate(client)).usage).toEqual(oneTask);
  }
  expect(llm.requests).toHaveLength(4);
});

test("each distinct text is embedded once in a project, and a stored embedding gives the same score", async () => {
  const { api, llm } = await setUp();
  await storeSession(api, "talk", [
    { input: "one", output: "two" },
    { input: "two", output: "three" },
  ]);
  const first = await evaluateSessions(api, { metrics: bothMetrics });
  const texts = llm.requests.flatMap(({ path, body }) => (path === "/embeddings" ? body.input : []));
  expect(texts.toSorted()).toEqual(["one", "three", "two"]);
  expect(first.usage.cost_usd).toBeNull();
  const asked = llm.requests.length;
  const second = await evaluateSessions(api, { metrics: bothMetrics });
  expect(second.usage).toMatchObject({ calls: 0, cost_usd: 0 });
  expect(llm.requests).toHaveLength(asked);
  const coherence = async (run: string) =>
    (
      await api.get<{ items: { name: string; value: string }[] }>(
        `/evaluations/trace-scores?eval_run_id=${run}&limit=200`,
      )
    ).body.items
      .filter(({ name }) => name === "coherence")
      .map(({ value }) => value);
  expect(await coherence(second.id)).toEqual(await coherence(first.id));
  const fresh = await evaluateSessions(api, { metrics: bothMetrics, fresh: true });
  expect(fresh.usage.calls).toBe(first.usage.calls);
});
