import type {
  EvalRunResponse,
  EvalRunTemplate,
  MetricTrial,
  RunEstimate,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { endedSessionRun, sessionScores, storeSession } from "../support/session-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createMonitor } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** The models that refuse every call. */
const refusing = new Set<string>();
const llm = await startLlmServer({
  fault: ({ body }) => (refusing.has(body.model) ? { kind: "status", status: 404 } : undefined),
  answer: ({ path }) => (path === "/embeddings" ? undefined : { answers: [yes] }),
});
afterAll(() => llm.stop());
beforeEach(() => refusing.clear());

const yes = { id: "polite", answer: "yes", why: "It says please.", steps: [] };

const server = useHttpServer({
  role: "all",
  environment: {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/usual",
    EVAL_EMBEDDING_MODEL: "heuristic/v1",
    EVAL_MAX_ATTEMPTS: "1",
    JUDGE_MODELS: "openai/usual,openai/strict,openai/other,openai/unpriced,heuristic/v1,anthropic/*",
    JUDGE_PRICES: JSON.stringify({
      "openai/usual": { input_usd_per_mtok: 1, output_usd_per_mtok: 1 },
      "openai/other": { input_usd_per_mtok: 1, output_usd_per_mtok: 1 },
      "openai/strict": { input_usd_per_mtok: 100, output_usd_per_mtok: 100 },
    }),
  },
});

/** `instructions` keep the questions of metrics apart. */
const definition = (instructions: string, model?: string) => ({
  kind: "checklist",
  instructions,
  criteria: [{ id: "polite", question: "Was the agent polite?" }],
  model,
});

async function project(metrics: Readonly<Record<string, object>>): Promise<ApiClient> {
  const api = server.project();
  for (const [name, each] of Object.entries(metrics)) {
    const { status, body } = await api.send("PUT", `/evaluations/metrics/${name}`, each);
    expect(status, JSON.stringify(body)).toBe(200);
  }
  await storeTrace(api);
  return api;
}

/** The metrics of this file. */
const both = { strict: definition("a", "openai/strict"), usual: definition("b") };

interface Judged {
  readonly run: EvalRunResponse;
  /** The judge of each score. */
  readonly judges: Readonly<Record<string, unknown>>;
  readonly scores: readonly TraceScoreResponse[];
}

async function judge(api: ApiClient, body: object): Promise<Judged> {
  const created = await createRun(api, body);
  const run = await endedRun(api, created.id);
  const scores = await runScores(api, run.id);
  return {
    run,
    scores,
    judges: Object.fromEntries(scores.map(({ name, metadata }) => [name, metadata["model"]])),
  };
}

/** The models that are asked while `work` is done. */
async function askedIn(work: () => Promise<unknown>): Promise<string[]> {
  const before = llm.requests.length;
  await work();
  return llm.requests
    .slice(before)
    .map(({ body }) => body.model)
    .sort();
}

test("a definition's judge judges that metric, and the default the others", async () => {
  const api = await project(both);
  const asked = await askedIn(async () => {
    const { run, judges } = await judge(api, { metrics: ["strict", "usual"] });
    expect(run).toMatchObject({ model: "openai/usual", status: "COMPLETED", usage: { calls: 2 } });
    expect(judges).toEqual({ strict: "openai/strict", usual: "openai/usual" });
  });
  expect(asked).toEqual(["openai/strict", "openai/usual"].map((model) => model.slice("openai/".length)));
  // The ledger knows both answers, each for its own judge.
  expect(await askedIn(() => judge(api, { metrics: ["strict", "usual"] }))).toEqual([]);
  expect(await askedIn(() => judge(api, { metrics: ["strict"], model: "openai/usual" }))).toEqual(["usual"]);
});

test("it is the judge of a run whose metrics all name it", async () => {
  const api = await project({ ...both, fast: { kind: "no_errors" } });
  const { run, judges } = await judge(api, { metrics: ["strict", "fast"] });
  expect(run.model).toBe("openai/strict");
  expect(judges).toEqual({ strict: "openai/strict", fast: null });
  const { body } = await api.get<EvalRunTemplate>("/evaluations/trace-runs/template?metric=strict");
  expect(body.model).toBe("openai/strict");
});

test("a run's own judge or jury takes precedence", async () => {
  const api = await project(both);
  const metrics = ["strict", "usual"];
  const one = await judge(api, { metrics, model: "openai/other" });
  expect(one.judges).toEqual({ strict: "openai/other", usual: "openai/other" });
  const jury = { judges: ["openai/other", "heuristic/v1"], aggregate: "mean" };
  const { run, scores } = await judge(api, { metrics, ...jury });
  expect(run.judges).toEqual(jury.judges);
  const votes = scores.map(({ metadata }) =>
    (metadata["votes"] as { model: string }[]).map(({ model }) => model),
  );
  expect(votes).toEqual([jury.judges, jury.judges]);
});

test("repeats ask it as often", async () => {
  const api = await project(both);
  const asked = await askedIn(() => judge(api, { metrics: ["strict", "usual"], repeats: 2 }));
  expect(asked).toEqual(["strict", "strict", "usual", "usual"]);
});

test("monitors, sessions and trials use it", async () => {
  const api = await project({ ...both, talk: { ...definition("c", "openai/strict"), target: "SESSION" } });
  const monitor = await createMonitor(api, { metrics: ["strict", "usual"] });
  const { body: run } = await api.post<EvalRunResponse>(`/evaluations/monitors/${monitor.id}/trigger`);
  await endedRun(api, run.id);
  expect((await runScores(api, run.id)).map(({ metadata }) => metadata["model"]).sort()).toEqual([
    "openai/strict",
    "openai/usual",
  ]);
  await storeSession(api, "chat", [{}, {}]);
  const session = await createRun(api, { metrics: ["talk", "agent_consistency"] }, "session-runs");
  await endedSessionRun(api, session.id);
  const talk = (await sessionScores(api, session.id)).find(({ name }) => name === "talk");
  expect(talk?.metadata["model"]).toBe("openai/strict");
  const trace_ids = [await storeTrace(api)];
  const trial = await api.post<MetricTrial>("/evaluations/metrics/strict/try", { trace_ids });
  expect(trial.body).toMatchObject({ model: "openai/strict", results: [{ value: "1" }] });
});

test("estimates and budgets count with its price", async () => {
  const api = await project({ ...both, unpriced: definition("d", "openai/unpriced") });
  const estimate = async (metrics: string[], fields: object = {}) =>
    (await api.post<RunEstimate>("/evaluations/trace-runs/estimate", { metrics, ...fields })).body;
  const usual = (await estimate(["usual"])).cost_usd?.high ?? 0;
  const { calls, cost_usd } = await estimate(["strict", "usual"]);
  expect(calls).toBe(2);
  expect(cost_usd?.high).toBeGreaterThan(50 * usual);
  const offline = await estimate(["strict", "usual"], { model: "heuristic/v1" });
  expect(offline.calls).toBe(0);
  // The budget has room for the usual judge only.
  const { run, scores } = await judge(api, { metrics: ["strict", "usual"], max_cost_usd: 2 * usual });
  expect(run).toMatchObject({ evaluated_count: 1, failed_count: 1, usage: { calls: 1 } });
  expect(scores.find(({ name }) => name === "strict")?.metadata).toMatchObject({
    error: "budget_exceeded",
    model: "openai/strict",
  });
  const refused = { metrics: ["usual", "unpriced"], max_cost_usd: 1 };
  expectProblem(await api.post("/evaluations/trace-runs", refused), "price_unknown", {
    detail: /openai\/unpriced/,
  });
});

test("if it cannot be used, only its metric fails, and a retry asks it again", async () => {
  const api = await project(both);
  refusing.add("strict");
  const { run, scores } = await judge(api, { metrics: ["strict", "usual"] });
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 1, failed_count: 1 });
  const failed = scores.find(({ name }) => name === "strict");
  expect(failed).toMatchObject({ status: "FAILED", metadata: { model: "openai/strict" } });
  expect(failed?.reason).toMatch(/openai\/strict/);
  refusing.clear();
  const retry = async (body: object) => {
    const { body: retried } = await api.post<EvalRunResponse>(
      `/evaluations/trace-runs/${run.id}/retry`,
      body,
    );
    await endedRun(api, retried.id);
    return (await runScores(api, retried.id)).map(({ name, metadata }) => [name, metadata["model"]]);
  };
  expect(await retry({})).toEqual([["strict", "openai/strict"]]);
  expect(await retry({ model: "openai/other" })).toEqual([["strict", "openai/other"]]);
});

test.each([
  ["unknown/x", "unknown_model_provider"],
  ["openai/secret", "model_not_allowed"],
  ["anthropic/claude", "provider_not_configured"],
  ["google_genai/x/../../api#", "invalid_model_name"],
] as const)("PUT refuses %s: %s", async (model, code) => {
  const api = server.project();
  expectProblem(await api.send("PUT", "/evaluations/metrics/strict", definition("a", model)), code);
  const trace_ids = [await storeTrace(api)];
  const draft = { trace_ids, definition: definition("a", model) };
  expectProblem(await api.post("/evaluations/metrics/strict/try", draft), code);
});
