/** @module-tag slow */
import type { ProjectUsage } from "@pandaprobe/contract";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Answer, ApiClient } from "../support/api-client.ts";
import { type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";
import { readTrace, spanBody, storeTrace, storeTraces, traceBody } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createMonitor, monitorBody } from "./support/samples.ts";

const usageOf = async (api: ApiClient, project = "test") =>
  (await api.get<ProjectUsage>(`/projects/${project}/usage`)).body;

function retryAfter({ headers }: Answer<unknown>): number {
  return Number(headers.get("retry-after"));
}

/** Seconds until midnight UTC. */
function secondsLeftToday(): number {
  return 86_400 - ((Date.now() / 1000) % 86_400);
}

function expectExceeded(answer: Answer<unknown>, detail: RegExp): void {
  expectProblem(answer, "quota_exceeded", { detail });
  expect(retryAfter(answer)).toBeGreaterThan(0);
}

describe("the quota of traces", () => {
  test("refuses another trace through every route; deleting one makes room", async () => {
    const { api } = await useTestServer({ role: "api", environment: { QUOTA_TRACES: "2" } });
    const first = await storeTrace(api);
    await storeTrace(api);
    for (const answer of [
      await api.post("/traces", traceBody()),
      await api.post("/traces/batch", { traces: [traceBody()] }),
    ])
      expectExceeded(answer, /may have 2 traces, and has 2.*QUOTA_TRACES/);
    // Existing traces may be completed.
    expect((await api.post(`/traces/${first}/spans`, [spanBody()])).status).toBe(201);
    expect((await api.patch(`/traces/${first}`, { status: "ERROR" })).status).toBe(200);
    expect(await usageOf(api)).toMatchObject({ traces: { used: 2, limit: 2 }, bytes: { limit: null } });
    await api.delete(`/traces/${first}`);
    await storeTrace(api);
  });

  test("applies to each project separately", async () => {
    const { api } = await useTestServer({ role: "api", environment: { QUOTA_TRACES: "1" } });
    await storeTrace(api);
    await storeTrace(api.as({ project: "other" }));
  });

  test("does not refuse replays", async () => {
    const { api } = await useTestServer({ role: "api", environment: { QUOTA_TRACES: "1" } });
    const trace = traceBody();
    const send = () => api.post("/traces", trace, { "idempotency-key": "once" });
    const [first, again] = [await send(), await send()];
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toEqual(first.body);
    expectExceeded(await api.post("/traces", trace), /QUOTA_TRACES/);
  });
});

describe("the quota of bytes", () => {
  test("counts the content of traces and spans, and its changes and deletions", async () => {
    const { api, database } = await useTestServer({ role: "api", environment: { QUOTA_BYTES: "60000" } });
    const bytes = async () => (await usageOf(api)).bytes.used;
    const filler = "a".repeat(20_000);
    const id = await storeTrace(api, { input: filler });
    const [one, span] = [await bytes(), crypto.randomUUID()];
    expect(one).toBeGreaterThan(20_000);
    expect(one).toBeLessThan(20_200);
    await api.post(`/traces/${id}/spans`, [spanBody({ span_id: span, output: filler })]);
    expect((await bytes()) - one).toBeGreaterThan(20_000);
    await api.patch(`/traces/${id}/spans/${span}`, { output: "short" });
    expect((await bytes()) - one).toBeLessThan(200);
    await api.patch(`/traces/${id}`, { metadata: { filler: filler.repeat(3) } });
    expect(await bytes()).toBeGreaterThan(80_000);
    for (const answer of [
      await api.post("/traces", traceBody()),
      await api.post(`/traces/${id}/spans`, [spanBody()]),
      await api.patch(`/traces/${id}`, { output: "more" }),
      await api.patch(`/traces/${id}/spans/${span}`, { output: "more" }),
    ])
      expectExceeded(answer, /may have 60000 bytes of traces, and has \d+.*QUOTA_BYTES/);
    await api.post("/traces/batch/delete", { trace_ids: [id] });
    expect(await bytes()).toBe(0);
    // Rows from before the measuring count with their size on disk, and deleting them leaves nothing either.
    const old = await storeTrace(api, { input: filler, spans: [spanBody({ output: filler })] });
    await query(
      database.url,
      "alter table traces disable trigger user; alter table spans disable trigger user",
    );
    await query(
      database.url,
      "update traces set content_bytes = null; update spans set content_bytes = null",
    );
    await query(
      database.url,
      "alter table traces enable trigger user; alter table spans enable trigger user",
    );
    const before = await bytes();
    await api.patch(`/traces/${old}`, { status: "ERROR" });
    expect(await bytes()).toBe(before);
  });
});

test("folding does not change counts", async () => {
  const { api, database } = await useTestServer();
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.push(await storeTrace(api, { spans: [spanBody()] }));
  const before = await usageOf(api);
  await waitUntil(async () => {
    const [left] = await query<{ n: string }>(database.url, "select count(*) as n from project_usage_deltas");
    expect(await usageOf(api)).toEqual(before);
    return left?.n === "0";
  });
  await api.post("/traces/batch/delete", { trace_ids: ids });
  expect(await usageOf(api)).toMatchObject({ traces: { used: 0 }, bytes: { used: 0 } });
});

describe("the quota of runs", () => {
  test("refuses another run until midnight through every route, and deleting runs gives nothing back", async () => {
    const { api } = await useTestServer({ role: "api", environment: { QUOTA_RUNS_PER_DAY: "2" } });
    const trace = await storeTrace(api, { session_id: "s" });
    const monitor = await createMonitor(api, {});
    const run = await createRun(api, {});
    await api.post(`/evaluations/trace-runs/${run.id}/cancel`);
    await createRun(api, { metrics: ["agent_reliability"] }, "session-runs");
    const metrics = ["coherence"];
    const ways = () => [
      api.post("/evaluations/trace-runs", { metrics }),
      api.post("/evaluations/trace-runs/batch", { metrics, trace_ids: [trace] }),
      api.post("/evaluations/session-runs", { metrics: ["agent_reliability"] }),
      api.post("/evaluations/session-runs/batch", { metrics: ["agent_reliability"], session_ids: ["s"] }),
      api.post(`/evaluations/trace-runs/${run.id}/retry`, {}),
      api.post(`/evaluations/monitors/${monitor.id}/trigger`),
    ];
    for (const answer of await Promise.all(ways())) {
      expectExceeded(answer, /may create 2 runs a day, and has created 2.*QUOTA_RUNS_PER_DAY/);
      expect(Math.abs(retryAfter(answer) - secondsLeftToday())).toBeLessThan(60);
    }
    await api.delete(`/evaluations/trace-runs/${run.id}`);
    expectExceeded(await api.post("/evaluations/trace-runs", { metrics }), /QUOTA_RUNS_PER_DAY/);
    const { runs_today, resets_at } = await usageOf(api);
    expect(runs_today).toEqual({ used: 2, limit: 2 });
    expect(Math.abs((Date.parse(resets_at) - Date.now()) / 1000 - secondsLeftToday())).toBeLessThan(60);
    // An estimate creates no run.
    expect((await api.post("/evaluations/trace-runs/estimate", { metrics })).status).toBe(200);
  });

  test("is exact for concurrent requests", async () => {
    const { api } = await useTestServer({ role: "api", environment: { QUOTA_RUNS_PER_DAY: "3" } });
    await storeTrace(api);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => api.post("/evaluations/trace-runs", { metrics: ["coherence"] })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9);
  });
});

test("the quota of monitors is exact for concurrent requests, and includes paused monitors", async () => {
  const { api } = await useTestServer({ role: "api", environment: { QUOTA_MONITORS: "3" } });
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => api.post<{ id: string }>("/evaluations/monitors", monitorBody())),
  );
  const made = answers.filter(({ status }) => status === 201);
  expect(made).toHaveLength(3);
  const id = made[0]?.body.id;
  await api.post(`/evaluations/monitors/${id}/pause`);
  expectExceeded(await api.post("/evaluations/monitors", monitorBody()), /may have 3 monitors, and has 3/);
  await api.delete(`/evaluations/monitors/${id}`);
  await createMonitor(api, {});
});

describe("the shortest gap of a cadence", () => {
  test.each(["cron:* * * * *", "cron:*/4 * * * *", "cron:0,3 9 * * 1"])("refuses %s", async (cadence) => {
    const { api } = await useTestServer({ role: "api" });
    const body = monitorBody({ cadence });
    expectProblem(await api.post("/evaluations/monitors", body), "invalid_cadence", {
      loc: ["body", "cadence"],
      detail: /must leave at least 300 s between two ticks on this server/,
    });
    const { id } = await createMonitor(api, { cadence: "cron:*/5 * * * *" });
    expectProblem(await api.patch(`/evaluations/monitors/${id}`, { cadence }), "invalid_cadence");
  });

  test("can be configured", async () => {
    const environment = { MONITOR_SHORTEST_GAP_SECONDS: "60" };
    const { api } = await useTestServer({ role: "api", environment });
    await createMonitor(api, { cadence: "cron:* * * * *" });
  });
});

/** A token of an answer costs half a cent: a call reserves 0.1 USD and costs 0.04. */
const prices = { "openai/test": { input_usd_per_mtok: 0, output_usd_per_mtok: 5_000 } };

async function useJudgedServer(usdPerDay: string, options: LlmServerOptions = {}): Promise<TestServer> {
  const llm = await startLlmServer({ usage: () => ({ input: 50, output: 8 }), ...options });
  onTestFinished(() => llm.stop());
  return useTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_MAX_OUTPUT_TOKENS: "20",
      JUDGE_PRICES: JSON.stringify(prices),
      QUOTA_USD_PER_DAY: usdPerDay,
    },
  });
}

const confidence = { metrics: ["confidence"] };

describe("quotas of a single project", () => {
  test("override those of all projects, and show in its usage", async () => {
    const first = await useTestServer({ role: "api" });
    const { project_id } = await readTrace(first.api, await storeTrace(first.api));
    const quotas = { [project_id]: { traces: 2, runs_per_day: 1 } };
    const { api } = await useTestServer({
      role: "api",
      database: first.database,
      environment: { QUOTA_TRACES: "1", QUOTA_MONITORS: "7", PROJECT_QUOTAS: JSON.stringify(quotas) },
    });
    expect(await usageOf(api)).toMatchObject({
      traces: { used: 1, limit: 2 },
      runs_today: { limit: 1 },
      monitors: { limit: 7 },
    });
    await storeTrace(api);
    expectExceeded(await api.post("/traces", traceBody()), /may have 2 traces.*PROJECT_QUOTAS/);
    const run = { metrics: ["coherence"], model: "heuristic/v1" };
    await createRun(api, run);
    expectExceeded(await api.post("/evaluations/trace-runs", run), /may create 1 runs a day.*PROJECT_QUOTAS/);
    const other = api.as({ project: "other" });
    await storeTrace(other);
    expectExceeded(await other.post("/traces", traceBody()), /may have 1 traces.*QUOTA_TRACES/);
    await createRun(other, run);
    await createRun(other, run);
  });

  test.each([
    ["bytes", { bytes: 1 }, async (api: ApiClient) => api.post("/traces", traceBody())],
    ["monitors", { monitors: 1 }, async (api: ApiClient) => api.post("/evaluations/monitors", monitorBody())],
  ])("are named by the refusal: %s", async (_quota, quotas, exceed) => {
    const first = await useTestServer({ role: "api" });
    const { project_id } = await readTrace(first.api, await storeTrace(first.api));
    const { api } = await useTestServer({
      role: "api",
      database: first.database,
      environment: { PROJECT_QUOTAS: JSON.stringify({ [project_id]: quotas }) },
    });
    await createMonitor(api);
    expectExceeded(await exceed(api), /have the project's entry in the server's PROJECT_QUOTAS raised/);
  });
});

describe("the quota of spending", () => {
  test("is never exceeded by one run or many, and refuses further runs until midnight", async () => {
    const { api } = await useJudgedServer("1");
    await storeTraces(api, 40);
    const run = await createRun(api, confidence);
    expect(run.max_cost_usd).toBe(1);
    const ended = await endedRun(api, run.id);
    expect(ended.failed_count).toBeGreaterThan(0);
    const { usd_today: today } = await usageOf(api);
    expect(today.limit).toBe(1);
    expect(today.used).toBeGreaterThan(0.85);
    expect(today.used).toBeLessThanOrEqual(1);
    expect(today.used).toBeCloseTo(ended.usage?.cost_usd ?? 0, 9);
    // Deleting the run gives nothing back.
    await api.delete(`/evaluations/trace-runs/${run.id}?delete_scores=true`);
    expect((await usageOf(api)).usd_today.used).toBe(today.used);
    // The rest is less than the highest cost of a call.
    const next = await createRun(api, { ...confidence, fresh: true });
    expect(await endedRun(api, next.id)).toMatchObject({ usage: { calls: 0 } });
    expect((await usageOf(api)).usd_today.used).toBe(today.used);
  });

  test("refuses runs until midnight once it is spent", async () => {
    const { api } = await useJudgedServer("0.1", { usage: () => ({ input: 50, output: 20 }) });
    await storeTraces(api, 1);
    await endedRun(api, (await createRun(api, confidence)).id);
    expect((await usageOf(api)).usd_today).toEqual({ used: 0.1, limit: 0.1 });
    const refused = await api.post("/evaluations/trace-runs", confidence);
    expectExceeded(refused, /may spend 0.1 USD a day, and has spent 0.1 since midnight UTC/);
    expect(Math.abs(retryAfter(refused) - secondsLeftToday())).toBeLessThan(60);
    await createRun(api, { metrics: ["coherence"], model: "heuristic/v1" });
  });

  test("is shared by runs in progress: each keeps what it may still spend", async () => {
    const { api } = await useJudgedServer("1", { fault: () => ({ kind: "status", status: 503 }) });
    await storeTraces(api, 2);
    const small = await createRun(api, { ...confidence, max_cost_usd: 0.3 });
    expect(small.max_cost_usd).toBe(0.3);
    const rest = await createRun(api, confidence);
    expect(rest.max_cost_usd).toBeCloseTo(0.7, 9);
    expect((await usageOf(api)).usd_committed).toBeCloseTo(1, 9);
    const refused = await api.post("/evaluations/trace-runs", { ...confidence, max_cost_usd: 0.01 });
    expectExceeded(refused, /its runs in progress may spend the rest/);
    expect(retryAfter(refused)).toBe(60);
    // Runs that cost nothing are not refused.
    await createRun(api, { metrics: ["coherence"], model: "heuristic/v1" });
    await api.post(`/evaluations/trace-runs/${small.id}/cancel`);
    await createRun(api, { ...confidence, max_cost_usd: 0.1 });
  });

  test("refuses models without a price, in runs, estimates and monitors", async () => {
    const { api } = await useJudgedServer("1");
    await storeTrace(api);
    const model = "openai/unpriced";
    const body = { ...confidence, model };
    for (const answer of [
      await api.post("/evaluations/trace-runs", body),
      await api.post("/evaluations/trace-runs/estimate", body),
      await api.post("/evaluations/monitors", monitorBody(body)),
    ])
      expectProblem(answer, "price_unknown", { detail: /QUOTA_USD_PER_DAY.*openai\/unpriced/ });
  });
});

test("usage requires an existing project, and no header", async () => {
  const { api } = await useTestServer({ role: "api" });
  expectProblem(await api.get("/projects/nothing/usage"), "not_found");
  await storeTrace(api.as({ project: "my shop" }));
  expect(await usageOf(api.as({ project: "" }), "my%20shop")).toMatchObject({
    project: "my shop",
    traces: { used: 1, limit: null },
    monitors: { used: 0, limit: 100 },
  });
  expectProblem(await api.get("/projects/a%2Fb/usage"), "invalid_project_name");
});
