/** @module-tag slow */
import { expect, onTestFinished, test } from "vitest";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import { ApiClient } from "../support/api-client.ts";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { createRun, getRun } from "../support/run-helpers.ts";
import {
  askedSignal,
  bothMetrics,
  endedSessionRun,
  sessionScores,
  signalsOf,
  storeSession,
} from "../support/session-helpers.ts";
import { spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { useTestServer } from "../support/test-server.ts";
import { waitUntil } from "../support/wait-until.ts";

const concurrency = 4;

async function useLlm(latencyMs = 60): Promise<LlmServer> {
  const llm = await startLlmServer({ latencyMs });
  onTestFinished(() => llm.stop());
  return llm;
}

const judged = (llm: LlmServer) => ({
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/test",
  EVAL_CONCURRENCY: String(concurrency),
});

/** The number of questions of these two kinds, and of embedded texts. */
function counted(llm: LlmServer) {
  const of = (signal: string) => llm.requests.filter((request) => askedSignal(request) === signal).length;
  const texts = llm.requests.flatMap((request) => (request.path === "/embeddings" ? request.body.input : []));
  return { confidence: of("confidence"), tools: of("tool_correctness"), texts: texts.length };
}

test.each(["SIGKILL", "SIGTERM"] as const)(
  "after a %s in the middle of a session, a restart computes only what is not stored",
  { timeout: 90_000 },
  async (signal) => {
    const llm = await useLlm();
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const apiKey = generateApiKey();
    const environment = {
      ...judged(llm),
      DATABASE_URL: database.url,
      PANDAPROBE_API_KEY: apiKey,
      WORKER_HEARTBEAT_SECONDS: "1",
      WORKER_DEAD_AFTER_SECONDS: "3",
    };
    const first = await spawnServer(environment);
    onTestFinished(async () => void (await first.end("SIGKILL")));
    const dying = new ApiClient({ url: first.url, apiKey, project: "test" });
    const count = 40;
    await storeSession(
      dying,
      "long",
      Array.from({ length: count }, () => ({})),
    );
    const { id } = await createRun(dying, { metrics: bothMetrics }, "session-runs");
    await waitUntil(async () => (await signalsOf(dying, id)).length > 30);
    await first.end(signal);

    const { api } = await useTestServer({ database, environment });
    const stored = (await signalsOf(api, id)).length;
    expect(stored).toBeLessThan(4 * count);
    const run = await endedSessionRun(api, id, 60_000);
    expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 1, failed_count: 0 });
    expect(await sessionScores(api, id)).toHaveLength(2);
    expect(await signalsOf(api, id)).toHaveLength(4 * count);
    // Calls that were in flight, or answered but not stored, when the process died.
    const lost = signal === "SIGKILL" ? 4 * concurrency : 0;
    const { confidence, tools, texts } = counted(llm);
    expect(confidence + tools).toBeGreaterThanOrEqual(2 * count);
    expect(confidence + tools).toBeLessThanOrEqual(2 * count + lost);
    expect(texts).toBeLessThanOrEqual(2 * count + (signal === "SIGKILL" ? 2 * 2 * concurrency : 0));
  },
);

test("a run that is deleted while signals are stored leaves nothing behind, and makes no more calls", async () => {
  const llm = await useLlm();
  const { api } = await useTestServer({ environment: judged(llm) });
  await storeSession(
    api,
    "s",
    Array.from({ length: 60 }, () => ({})),
  );
  const { id } = await createRun(api, { metrics: bothMetrics }, "session-runs");
  await waitUntil(async () => (await signalsOf(api, id)).length > 8);
  expect((await api.delete(`/evaluations/session-runs/${id}?delete_scores=true`)).status).toBe(204);
  const since = performance.now();
  await waitUntil(async () => llm.inFlight === 0);
  // Another run uses the same worker, which gives the deleted one enough time.
  const [trace] = await storeSession(api, "t", [{}]);
  const next = await createRun(api, { metrics: bothMetrics, session_ids: ["t"] }, "session-runs/batch");
  expect(await endedSessionRun(api, next.id)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  const left = (await api.get<{ items: { trace_id: string }[] }>("/evaluations/trace-scores?limit=200")).body;
  expect([...new Set(left.items.map((score) => score.trace_id))]).toEqual([trace]);
  // As after a cancel, calls may start within 100 ms. The other run makes about as many as this.
  const late = llm.requests.filter(({ receivedAt }) => receivedAt > since + 100);
  expect(late.length).toBeLessThanOrEqual(2 + 1 + 1);
});

test("a run deleted without its scores leaves its signals and scores, without a run", async () => {
  const { api } = await useTestServer();
  await storeSession(api, "s", [{}, {}]);
  const run = await createRun(api, { metrics: bothMetrics }, "session-runs");
  await endedSessionRun(api, run.id);
  await api.delete(`/evaluations/session-runs/${run.id}`);
  expect((await api.get(`/evaluations/session-runs/${run.id}`)).status).toBe(404);
  expect((await api.get("/evaluations/trace-scores")).body).toMatchObject({ total: 8 });
  expect(await signalsOf(api, run.id)).toEqual([]);
});

test("the items of a session that is deleted during the run end as failed, without a score", async () => {
  // Slow enough that all traces are deleted before the run is through.
  const llm = await useLlm(500);
  const { api } = await useTestServer({ environment: judged(llm) });
  const ids = await storeSession(
    api,
    "s",
    Array.from({ length: 20 }, () => ({})),
  );
  const { id } = await createRun(api, { metrics: bothMetrics }, "session-runs");
  await waitUntil(async () => (await signalsOf(api, id)).length > 4);
  for (const trace of ids) await api.delete(`/traces/${trace}`);
  expect(await endedSessionRun(api, id)).toMatchObject({
    status: "COMPLETED",
    evaluated_count: 1,
    failed_count: 2,
  });
  expect(await sessionScores(api, id)).toEqual([]);
  expect((await getRun(api, id, "session-runs")).evaluated_count).toBe(1);
});
