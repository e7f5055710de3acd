import type { MetricTrial, ProjectUsage } from "@pandaprobe/contract";
import { afterAll, describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import type { Fault } from "../support/llm-server.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { storeSession } from "../support/session-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** What goes wrong with the questions whose prompt contains the key. */
const faults = new Map<string, Fault>();
/** The model takes half a second for questions whose prompt contains one of these. */
const slow = new Set<string>();
const llm = await startLlmServer({
  usage: () => ({ input: 50, output: 8 }),
  fault: ({ sent }) => {
    const text = JSON.stringify(sent);
    return [...faults].find(([key]) => text.includes(key))?.[1];
  },
  latencyMs: ({ sent }) => ([...slow].some((key) => JSON.stringify(sent).includes(key)) ? 500 : 0),
  answer: ({ path }) => (path === "/embeddings" ? undefined : { answers: [yes] }),
});
afterAll(() => llm.stop());

const yes = { id: "polite", answer: "yes", why: "It says please.", steps: [] };
const draft = { kind: "checklist", criteria: [{ id: "polite", question: "Was the agent polite?" }] };

/** A token of an answer costs half a cent: a call reserves 0.1 USD and costs 0.04. */
const prices = { "openai/judge": { input_usd_per_mtok: 0, output_usd_per_mtok: 5_000 } };

const server = useHttpServer({
  role: "all",
  environment: {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/judge",
    EVAL_EMBEDDING_MODEL: "heuristic/v1",
    EVAL_CONCURRENCY: "2",
    EVAL_MAX_ATTEMPTS: "1",
    EVAL_MAX_OUTPUT_TOKENS: "20",
    EVAL_CPU_SECONDS: "1",
    JUDGE_PRICES: JSON.stringify(prices),
    QUOTA_USD_PER_DAY: "0.55",
  },
});
const database = databaseBehind(server);

const send = (api: ApiClient, name: string, body: object) =>
  api.post<MetricTrial>(`/evaluations/metrics/${name}/try`, body);

async function attempt(api: ApiClient, name: string, body: object): Promise<MetricTrial> {
  const { status, body: trial } = await send(api, name, body);
  expect(status, JSON.stringify(trial)).toBe(200);
  return trial;
}

const put = (api: ApiClient, name: string, definition: object) =>
  api.send("PUT", `/evaluations/metrics/${name}`, definition);

async function usageOf(api: ApiClient): Promise<ProjectUsage> {
  const project = encodeURIComponent(api.headers["x-project-name"] ?? "");
  return (await api.get<ProjectUsage>(`/projects/${project}/usage`)).body;
}

describe("POST /evaluations/metrics/{name}/try", () => {
  test("judges with a draft, stores no score, and pays once for trial and run", async () => {
    const api = server.project();
    const [first = "", second = ""] = await storeTraces(api, 2);
    const before = llm.requests.length;
    const trial = await attempt(api, "polite", { trace_ids: [second, first, second], definition: draft });
    expect(trial).toMatchObject({ name: "polite", version: 0, model: "openai/judge" });
    expect(trial.results.map(({ trace_id }) => trace_id)).toEqual([second, first]);
    expect(trial.results[0]).toMatchObject({
      session_id: null,
      status: "SUCCESS",
      value: "1",
      reason: "Yes to the question.",
      metadata: { metric_version: 0, threshold: 0.5, success: true, model: "openai/judge" },
      usage: { calls: 1, cached_calls: 0, input_tokens: 50, output_tokens: 8 },
    });
    expect(trial.results[0]?.usage.cost_usd).toBeCloseTo(0.04, 9);
    expect(llm.requests.length - before).toBe(2);
    const { usd_today, usd_committed, runs_today } = await usageOf(api);
    expect(usd_today.used).toBeCloseTo(0.08, 9);
    expect({ usd_committed, runs: runs_today.used }).toEqual({ usd_committed: 0, runs: 1 });
    expect((await api.get(`/evaluations/trace-scores?name=polite`)).body).toMatchObject({ total: 0 });
    expectProblem(await api.get("/evaluations/metrics/polite"), "not_found");

    const again = await attempt(api, "polite", { trace_ids: [first], definition: draft });
    expect(again.results[0]?.usage).toMatchObject({ calls: 0, cached_calls: 1, cost_usd: 0 });
    await put(api, "polite", draft);
    const run = await createRun(api, { metrics: ["polite"] });
    await endedRun(api, run.id);
    expect(await runScores(api, run.id)).toHaveLength(2);
    expect(llm.requests.length - before).toBe(2);
  });

  test("judges with the latest version, or with another stored one", async () => {
    const api = server.project();
    const trace = await storeTrace(api, { output: "Please wait." });
    await put(api, "says", { kind: "contains", values: ["Please"] });
    await put(api, "says", { kind: "contains", values: ["Sorry"] });
    const latest = await attempt(api, "says", { trace_ids: [trace] });
    expect(latest).toMatchObject({ version: 2, model: null, results: [{ value: "0" }] });
    const old = await attempt(api, "says", { trace_ids: [trace], version: 1 });
    expect(old).toMatchObject({ version: 1, results: [{ value: "1", metadata: { metric_version: 1 } }] });
    expectProblem(await send(api, "says", { trace_ids: [trace], version: 3 }), "not_found");
  });

  test("judges sessions, and by a built-in metric of traces", async () => {
    const api = server.project();
    const [trace = ""] = await storeSession(api, "chat", [{}, {}]);
    const definition = { ...draft, target: "SESSION" };
    const session = await attempt(api, "polite", { session_ids: ["chat"], definition });
    expect(session.results).toMatchObject([{ trace_id: null, session_id: "chat", value: "1" }]);
    const builtIn = await attempt(api, "confidence", { trace_ids: [trace], model: "heuristic/v1" });
    expect(builtIn).toMatchObject({ version: null, model: "heuristic/v1", results: [{ status: "SUCCESS" }] });
    expectProblem(await send(api, "agent_reliability", { trace_ids: [trace] }), "unknown_metric", {
      detail: /needs a whole session/,
    });
  });

  test("refuses targets and metrics that it cannot judge", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const unknown = "11111111-1111-4111-8111-111111111111";
    const body = { trace_ids: [trace], definition: draft };
    const refused = async (
      name: string,
      sent: object,
      code: Parameters<typeof expectProblem>[1],
      about = {},
    ) => expectProblem(await send(api, name, sent), code, about);
    await refused("polite", { trace_ids: [trace] }, "not_found");
    await refused("polite", { ...body, trace_ids: [unknown] }, "not_found", { detail: /1111/ });
    await refused("polite", { trace_ids: [trace], version: 2 ** 31 }, "validation_error", {
      loc: ["body", "version"],
    });
    await refused("polite", { ...body, version: 1 }, "validation_error", { loc: ["body", "version"] });
    await refused("polite", { definition: draft }, "validation_error", { loc: ["body", "trace_ids"] });
    await refused("polite", { ...body, trace_ids: Array(6).fill(trace) }, "validation_error");
    await refused("polite", { definition: draft, session_ids: ["chat"] }, "validation_error", {
      loc: ["body", "session_ids"],
    });
    await refused("coherence", body, "validation_error", { loc: ["path", "name"] });
    await refused("Polite!", body, "validation_error", { loc: ["path", "name"] });
    await refused("polite", { ...body, model: "unknown/x" }, "unknown_model_provider");
    await refused("polite", { ...body, model: "openai/unpriced" }, "price_unknown");
    await refused("polite", { ...body, definition: { ...draft, criteria: [] } }, "validation_error", {
      loc: ["body", "definition", "criteria"],
    });
    expect((await usageOf(api)).runs_today.used).toBe(0);
  });

  test("says per trace why it has no score", async () => {
    const api = server.project();
    faults.set("(broken)", { kind: "status", status: 400, body: { error: { message: "No." } } });
    const good = await storeTrace(api, { output: "fine" });
    const bad = await storeTrace(api, { output: "(broken)" });
    const { results } = await attempt(api, "polite", { trace_ids: [bad, good], definition: draft });
    expect(results).toMatchObject([
      { status: "FAILED", value: null, metadata: { success: false, metric_version: 0 }, usage: { calls: 1 } },
      { status: "SUCCESS", value: "1" },
    ]);
    expect(results[0]?.reason).toMatch(/openai\/judge .*400/);
    // A regular expression that takes forever.
    const schema = { type: "string", pattern: "^(a+)+$" };
    const hard = await storeTrace(api, { output: `${"a".repeat(40)}b` });
    const check = await attempt(api, "shape", {
      trace_ids: [hard],
      definition: { kind: "json_schema", schema },
    });
    expect(check.results).toMatchObject([{ status: "FAILED", reason: expect.stringMatching(/CPU/) }]);
  });

  test("says per trace that the judge cannot be used at all", async () => {
    const api = server.project();
    faults.set("(refused)", { kind: "status", status: 401 });
    const traces = await storeTraces(api, 2);
    const definition = { ...draft, instructions: "(refused)" };
    const { results } = await attempt(api, "polite", { trace_ids: traces, definition });
    expect(results.map(({ status }) => status)).toEqual(["FAILED", "FAILED"]);
    expect(results[1]?.reason).toMatch(/401|key/i);
  });

  test("starts no call once the client has gone, keeps the paid answer, and does not delay other requests", async () => {
    const api = server.project();
    const traces = await storeTraces(api, 4);
    slow.add("(slow)");
    const definition = { ...draft, instructions: "(slow)" };
    const before = llm.requests.length;
    const gone = new AbortController();
    const sent = fetch(`${server.current.url}/evaluations/metrics/polite/try`, {
      method: "POST",
      headers: { ...api.headers, "content-type": "application/json" },
      body: JSON.stringify({ trace_ids: traces, definition }),
      signal: gone.signal,
    });
    await waitUntil(async () => llm.requests.length === before + 2);
    expect((await usageOf(api)).usd_committed).toBeCloseTo(0.55, 9);
    gone.abort();
    await expect(sent).rejects.toThrow("aborted");
    await waitUntil(async () => (await usageOf(api)).usd_committed === 0);
    expect((await usageOf(api)).usd_today.used).toBeCloseTo(0.08, 9);
    expect(llm.requests.length).toBe(before + 2);
    slow.delete("(slow)");
    const { results } = await attempt(api, "polite", { trace_ids: traces, definition });
    const calls = results.map(({ usage }) => usage.calls).sort();
    expect(calls).toEqual([0, 0, 1, 1]);
  });

  test("spends no more than the project's quota", async () => {
    const api = server.project();
    const traces = await storeTraces(api, 16);
    const ask = (from: number, n: number) =>
      attempt(api, "polite", { trace_ids: traces.slice(from, from + n), definition: draft });
    await ask(0, 5);
    await ask(5, 5);
    // 0.15 USD are left: two calls that may cost 0.1 each, and cost 0.04, fit one after the other.
    const { results } = await ask(10, 3);
    expect(results.map(({ status }) => status).sort()).toEqual(["FAILED", "SUCCESS", "SUCCESS"]);
    expect(results.find(({ status }) => status === "FAILED")).toMatchObject({
      reason: expect.stringMatching(/^budget_exceeded: the project may spend .* more today/),
      metadata: { error: "budget_exceeded" },
      usage: { calls: 0 },
    });
    expect((await usageOf(api)).usd_today.used).toBeCloseTo(0.48, 9);
    const free = await attempt(api, "polite", {
      trace_ids: traces.slice(0, 1),
      definition: draft,
      model: "heuristic/v1",
    });
    expect(free.results).toMatchObject([{ status: "SUCCESS" }]);
  });

  test("is charged to the project even if the process dies", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    await attempt(api, "polite", { trace_ids: [trace], definition: draft });
    const project = [api.headers["x-project-name"]];
    await database.run(
      `with project as (select id from projects where name = $1), call as (
         select run_id from judge_calls where project_id = (select id from project)
       ), uncharged as (
         delete from project_usage_deltas where project_id = (select id from project) and usd > 0
       ), uncharged_days as (
         update project_days set usd = 0 where project_id = (select id from project)
       )
       insert into metric_trials (project_id, id, max_usd, expires_at)
       select project.id, call.run_id, 0.1, now() - interval '1 s' from project, call`,
      project,
    );
    expect((await usageOf(api)).usd_today.used).toBe(0);
    await attempt(api, "polite", { trace_ids: [trace], definition: draft });
    expect((await usageOf(api)).usd_today.used).toBeCloseTo(0.04, 9);
  });

  test("is answered while the server stops, and starts no further call", async () => {
    slow.add("(stopping)");
    const { api, server: stopping } = await useTestServer({
      environment: { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: llm.baseUrl, EVAL_CONCURRENCY: "1" },
    });
    const traces = await storeTraces(api, 2);
    const before = llm.requests.length;
    const definition = { ...draft, instructions: "(stopping)" };
    const answer = send(api, "polite", { trace_ids: traces, definition, model: "openai/judge" });
    await waitUntil(async () => llm.requests.length === before + 1);
    const stopped = stopping.stop();
    expectProblem(await answer, "unavailable", { detail: /The server is stopping/ });
    await stopped;
    expect(llm.requests.length).toBe(before + 1);
  });
});
