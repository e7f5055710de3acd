import type { EvalRunResponse } from "@pandaprobe/contract";
import { expect, onTestFinished, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { isNightly } from "../support/nightly.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import {
  bothMetrics,
  endedSessionRun,
  evaluateSessions,
  sessionScores,
  signalsOf,
  storeSession,
} from "../support/session-helpers.ts";
import { type SpawnedServer, spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { expectWithinBudget, spendingOf } from "./support/expect-within-budget.ts";

/** Output tokens cost half a cent and input tokens nothing, which keeps the sums simple. */
const prices = {
  "openai/test": { input_usd_per_mtok: 0, output_usd_per_mtok: 5_000 },
  "openai/embeds": { input_usd_per_mtok: 0 },
};
/** Reserved for each call: 20 tokens. */
const reservedUsd = 0.1;
/** Charged for each call, as the local provider counts: 8 tokens. */
const chargedUsd = 0.04;

const asking = (llm: LlmServer) => ({
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/test",
  EVAL_EMBEDDING_MODEL: "openai/embeds",
  EVAL_MAX_OUTPUT_TOKENS: "20",
  JUDGE_PRICES: JSON.stringify(prices),
});

async function useLlm(options: LlmServerOptions = {}): Promise<LlmServer> {
  const llm = await startLlmServer({ usage: () => ({ input: 50, output: 8 }), ...options });
  onTestFinished(() => llm.stop());
  return llm;
}

async function setUp(
  options: LlmServerOptions = {},
  environment: Record<string, string> = {},
): Promise<TestServer & { llm: LlmServer }> {
  const llm = await useLlm(options);
  const server = await useTestServer({ environment: { ...asking(llm), ...environment } });
  return { ...server, llm };
}

const confidence = { metrics: ["confidence"] };

async function retried(api: ApiClient, run: EvalRunResponse, body?: object, path = "trace-runs") {
  const answer = await api.post<EvalRunResponse>(`/evaluations/${path}/${run.id}/retry`, body);
  expect(answer.status).toBe(202);
  return answer.body;
}

test("a run makes the calls that fit its budget and fails the others, and a retry continues from there", async () => {
  const { api, llm, database } = await setUp({ latencyMs: 5 }, { EVAL_CONCURRENCY: "4" });
  await storeTraces(api, 30);
  const created = await createRun(api, { ...confidence, max_cost_usd: 0.5 });
  expect(created.max_cost_usd).toBe(0.5);
  const run = await expectWithinBudget(database.url, created.id, endedRun(api, created.id));
  // Eleven calls cost 0.44, which leaves less than the highest cost of another call.
  const affordable = 11;
  expect(llm.requests).toHaveLength(affordable);
  expect(run).toMatchObject({
    status: "COMPLETED",
    evaluated_count: 30,
    failed_count: 30 - affordable,
    max_cost_usd: 0.5,
    usage: { calls: affordable, cost_usd: 0.44 },
  });
  const scores = await runScores(api, run.id);
  const failed = scores.filter(({ status }) => status === "FAILED");
  expect(scores.filter(({ status }) => status === "SUCCESS")).toHaveLength(affordable);
  expect(failed).toHaveLength(30 - affordable);
  for (const { reason, metadata } of failed) {
    expect(reason).toBe(
      "budget_exceeded: the run may cost 0.5 USD (max_cost_usd), its calls have cost 0.44 USD, and the next call to openai/test may cost up to 0.1 USD. Retry the run with a higher max_cost_usd: it continues where this one stopped.",
    );
    expect(metadata).toMatchObject({ success: false, error: "budget_exceeded" });
  }

  // Without max_cost_usd, the retry gets the same limit again.
  const second = await retried(api, run);
  expect(second).toMatchObject({ total_targets: 19, max_cost_usd: 0.5 });
  const afterSecond = await endedRun(api, second.id);
  expect(afterSecond).toMatchObject({ failed_count: 8, usage: { calls: 11, cost_usd: 0.44 } });
  const last = await retried(api, afterSecond, { max_cost_usd: null });
  expect(last).toMatchObject({ total_targets: 8, max_cost_usd: null });
  expect(await endedRun(api, last.id)).toMatchObject({ failed_count: 0, usage: { calls: 8 } });
  expect(llm.requests).toHaveLength(30);
});

test("calls that do not fit the budget wait, because calls in flight may turn out cheaper", async () => {
  // The budget has room for two calls at once; 16 could be in flight.
  const { api, llm, database } = await setUp({ latencyMs: 20 }, { EVAL_CONCURRENCY: "16" });
  await storeTraces(api, 20);
  const created = await createRun(api, { ...confidence, max_cost_usd: 19 * chargedUsd + reservedUsd });
  const run = await expectWithinBudget(database.url, created.id, endedRun(api, created.id));
  expect(run).toMatchObject({ failed_count: 0, usage: { calls: 20, cost_usd: 0.8 } });
  expect(llm.requests).toHaveLength(20);
});

test("a price of 0 fits a limit of 0, and the heuristic needs no price", async () => {
  const { api, llm } = await setUp();
  await storeTraces(api, 2);
  const nothing = { max_cost_usd: 0 };
  const embedded = await createRun(api, { ...nothing, metrics: ["coherence"] });
  expect(await endedRun(api, embedded.id)).toMatchObject({ failed_count: 0, usage: { cost_usd: 0 } });
  expect(llm.requests.length).toBeGreaterThan(0);
  const asked = llm.requests.length;
  const judged = await createRun(api, { ...nothing, ...confidence });
  expect(await endedRun(api, judged.id)).toMatchObject({ failed_count: 2, usage: { calls: 0, cost_usd: 0 } });
  expect(llm.requests).toHaveLength(asked);
  const free = await createRun(api, { ...nothing, ...confidence, model: "heuristic/v1" });
  expect(await endedRun(api, free.id)).toMatchObject({ failed_count: 0, max_cost_usd: 0 });
});

test("answers in the ledger are free, however little budget is left", async () => {
  const { api, llm } = await setUp();
  const [known] = await storeTraces(api, 1);
  await endedRun(api, (await createRun(api, confidence)).id);
  await storeTraces(api, 3, { name: "new" });
  const run = await endedRun(api, (await createRun(api, { ...confidence, max_cost_usd: 0 })).id);
  expect(run).toMatchObject({ failed_count: 3, usage: { calls: 0, cached_calls: 1, cost_usd: 0 } });
  const scores = await runScores(api, run.id);
  expect(scores.filter(({ status }) => status === "SUCCESS").map(({ trace_id }) => trace_id)).toEqual([
    known,
  ]);
  expect(llm.requests).toHaveLength(1);
});

test("a limit for a model without a price is refused by every way to create a run", async () => {
  const { api } = await setUp(
    {},
    { JUDGE_PRICES: JSON.stringify({ "openai/embeds": prices["openai/embeds"] }) },
  );
  const [trace] = await storeTraces(api, 1, { session_id: "talk" });
  const limit = { max_cost_usd: 1 };
  const refused = { status: 422, body: { code: "price_unknown" } };
  const judged = { ...confidence, ...limit };
  const whole = { metrics: bothMetrics, ...limit };
  const answer = await api.post<{ detail: string }>("/evaluations/trace-runs", judged);
  expect(answer).toMatchObject(refused);
  expect(answer.body.detail).toBe(
    "A run with max_cost_usd needs the price of openai/test, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.",
  );
  expect(await api.post("/evaluations/trace-runs/batch", { ...judged, trace_ids: [trace] })).toMatchObject(
    refused,
  );
  expect(await api.post("/evaluations/session-runs", whole)).toMatchObject(refused);
  expect(
    await api.post("/evaluations/session-runs/batch", { ...whole, session_ids: ["talk"] }),
  ).toMatchObject(refused);
  const unlimited = await endedRun(api, (await createRun(api, confidence)).id);
  await api.delete(`/evaluations/trace-scores/${(await runScores(api, unlimited.id))[0]?.id}`);
  expect(await api.post(`/evaluations/trace-runs/${unlimited.id}/retry`, limit)).toMatchObject(refused);
  // A model that is not called needs no price; the embedding model does.
  const embeds = await createRun(api, { ...limit, metrics: ["coherence"] });
  expect(await endedRun(api, embeds.id)).toMatchObject({ failed_count: 0 });
  const other = await useTestServer({
    environment: {
      ...asking(await useLlm()),
      JUDGE_PRICES: JSON.stringify({ "openai/test": prices["openai/test"] }),
    },
  });
  await storeTraces(other.api, 1);
  const embedding = await other.api.post("/evaluations/trace-runs", { ...limit, metrics: ["coherence"] });
  expect(embedding).toMatchObject(refused);
});

test.each([-1, -1e-9, "much", true, 1e300])("%j is not a limit", async (max_cost_usd) => {
  const { api } = await useTestServer();
  const answer = await api.post("/evaluations/trace-runs", { ...confidence, max_cost_usd });
  expect(answer).toMatchObject({ status: 422, body: { code: "validation_error" } });
});

test("a session fails if a signal exceeds the budget, and a retry pays for nothing twice", async () => {
  const { api, llm, database } = await setUp({}, { EVAL_CONCURRENCY: "1" });
  for (const name of ["one", "two"]) await storeSession(api, name, [{}, {}, {}]);
  const whole = (await evaluateSessions(api.as({ project: "test" }), { fresh: true })).usage;
  const asks = llm.requests.filter(({ path }) => path === "/chat/completions").length;
  const created = await createRun(
    api,
    { metrics: bothMetrics, max_cost_usd: (asks - 3) * chargedUsd + reservedUsd },
    "session-runs",
  );
  const run = await expectWithinBudget(database.url, created.id, endedSessionRun(api, created.id));
  const scores = await sessionScores(api, run.id);
  expect(scores).toHaveLength(4);
  const failed = scores.filter(({ status }) => status === "FAILED");
  expect(failed.length).toBeGreaterThan(0);
  expect(run.failed_count).toBe(failed.length);
  for (const { reason, metadata } of failed) {
    expect(reason).toMatch(/^budget_exceeded: /);
    expect(metadata).toMatchObject({ error: "budget_exceeded", success: false });
  }
  for (const { metadata } of scores.filter(({ status }) => status === "SUCCESS")) {
    expect(metadata).not.toHaveProperty("failed_signals");
  }
  const paid = (await signalsOf(api, run.id)).filter(({ status }) => status === "SUCCESS").length;
  expect(paid).toBeGreaterThan(0);
  const retry = await retried(api, run, { max_cost_usd: 100 }, "session-runs");
  const second = await endedSessionRun(api, retry.id);
  expect(second).toMatchObject({ failed_count: 0 });
  expect(run.usage.calls + second.usage.calls).toBeLessThanOrEqual(whole.calls);
});

test("two worker processes share one budget, and the calls of a killed one stay charged", {
  tags: ["slow"],
  timeout: 120_000,
}, async () => {
  let isHanging = false;
  const llm = await useLlm({ latencyMs: 30, fault: () => (isHanging ? { kind: "hang" } : undefined) });
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const environment = {
    ...asking(llm),
    DATABASE_URL: database.url,
    EVAL_CONCURRENCY: "3",
    EVAL_CALL_TIMEOUT_SECONDS: "5",
    WORKER_HEARTBEAT_SECONDS: "1",
    WORKER_DEAD_AFTER_SECONDS: "3",
  };
  const startMortal = async (): Promise<SpawnedServer> => {
    const server = await spawnServer(environment, ["--role", "worker"]);
    onTestFinished(async () => void (await server.end("SIGKILL")));
    return server;
  };
  const [{ api }, worker, other] = await Promise.all([
    useTestServer({ database, environment, role: "api" }),
    startMortal(),
    startMortal(),
  ]);
  await storeTraces(api, 40);
  const shared = await createRun(api, { ...confidence, max_cost_usd: 1 });
  const both = await expectWithinBudget(database.url, shared.id, endedRun(api, shared.id, 60_000));
  // 23 calls cost 0.92, which leaves too little for another one.
  expect(both).toMatchObject({ failed_count: 17, usage: { calls: 23, cost_usd: 0.92 } });
  const perProcess = await query(database.url, "select from eval_run_usage where calls > 0");
  expect(perProcess).toHaveLength(2);

  isHanging = true;
  const before = llm.requests.length;
  const created = await createRun(api, { ...confidence, fresh: true, max_cost_usd: 1 });
  await waitUntil(async () => llm.requests.length === before + 6);
  await Promise.all([worker.end("SIGKILL"), other.end("SIGKILL")]);
  isHanging = false;
  const killed = await spendingOf(database.url, created.id);
  expect(Number(killed.budget)).toBe(0.6);
  await useTestServer({ database, environment, role: "worker" });
  const run = await expectWithinBudget(database.url, created.id, endedRun(api, created.id, 60_000));
  // The other 0.4 pay for eight calls: after 0.32 too little is left for another one.
  expect(run.usage).toMatchObject({ calls: 14 });
  expect(run.usage.cost_usd).toBeCloseTo(0.92, 12);
  expect(run.failed_count).toBe(32);
});

test("no run exceeds its budget, whatever the provider does, with 64 calls at once", {
  tags: ["nightly", "slow"],
  timeout: 600_000,
}, async () => {
  const random = generator(20_260_301);
  const { api, database } = await setUp(
    {
      latencyMs: () => random() * 30,
      usage: () => ({ input: 50, output: Math.ceil(random() * 20) }),
      fault: () => {
        const roll = random();
        if (roll < 0.04) return { kind: "status", status: roll < 0.02 ? 500 : 429 };
        if (roll < 0.07) return { kind: "reset" };
        if (roll < 0.09) return { kind: "body", text: "" };
        if (roll < 0.11) return { kind: "says", text: '{"no":"such form"}' };
        if (roll < 0.12) return { kind: "says", text: '{"score":', finishReason: "length" };
        return roll < 0.125 ? { kind: "hang" } : undefined;
      },
    },
    { EVAL_CONCURRENCY: "64", EVAL_CALL_TIMEOUT_SECONDS: "1" },
  );
  const [rounds, traces] = isNightly ? [5, 16] : [1, 8];
  await storeTraces(api, traces);
  const metrics = ["confidence", "task_completion", "plan_quality"];
  let exceeded = 0;
  for (let round = 0; round < rounds; round += 1) {
    const runs = await Promise.all(
      Array.from({ length: 8 }, () =>
        createRun(api, { metrics, fresh: true, max_cost_usd: Math.round(random() * traces * 50) / 100 }),
      ),
    );
    for (const run of await Promise.all(
      runs.map(({ id }) => expectWithinBudget(database.url, id, endedRun(api, id, 300_000))),
    )) {
      expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: traces });
      expect(run.usage.cost_usd).toBeLessThanOrEqual(run.max_cost_usd ?? 0);
      if (run.failed_count > 0) exceeded += 1;
    }
  }
  expect(exceeded).toBeGreaterThan(0);
});

/** Reproducible random numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
