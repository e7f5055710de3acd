/** @module-tag slow */
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { findText } from "../support/find-text.ts";
import { rightAnswer } from "../support/llm-answer.ts";
import {
  type LlmServer,
  type LlmServerOptions,
  type RecordedRequest,
  startLlmServer,
} from "../support/llm-server.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import {
  bothMetrics,
  endedSessionRun,
  evaluateSessions,
  sessionScores,
  storeSession,
} from "../support/session-helpers.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A text of traces that the judge repeats. */
const marker = "The password is xyzzy-4711.";

const showsMarker = ({ sent }: RecordedRequest) => JSON.stringify(sent).includes(marker);
const quoting = { error: { message: `This is not to be said: ${marker}` } };

/** A provider that quotes its input in its answers and, for some models, in its errors. */
async function setUp(
  options: LlmServerOptions = {},
  environment: Record<string, string> = {},
): Promise<TestServer & { llm: LlmServer }> {
  const refused = new Set<string>();
  const llm = await startLlmServer({
    answer: (request) =>
      request.path !== "/embeddings" && showsMarker(request)
        ? { score: 0.5, reason: `It says: ${marker}` }
        : request.path === "/embeddings" || rightAnswer(request.body),
    fault: (request) => {
      const { model } = request.body;
      if (!showsMarker(request)) return undefined;
      if (model === "forbids") return { kind: "status", status: 403, body: quoting };
      if (model === "down") return { kind: "status", status: 503, body: quoting };
      if (model === "rejects") return { kind: "status", status: 400, body: quoting };
      if (model !== "stumbles" || refused.has(model)) return undefined;
      refused.add(model);
      return { kind: "status", status: 503, body: quoting };
    },
    ...options,
  });
  onTestFinished(() => llm.stop());
  const price = { input_usd_per_mtok: 1, output_usd_per_mtok: 5 };
  const server = await useTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_EMBEDDING_MODEL: "openai/embeds",
      JUDGE_PRICES: JSON.stringify({ "openai/test": price }),
      ...environment,
    },
  });
  return { ...server, llm };
}

const evaluate = async (api: ApiClient, body: object = {}) =>
  endedRun(api, (await createRun(api, { metrics: ["confidence"], ...body })).id);

const ledgerCounts = async ({ url }: { readonly url: string }) => {
  const [counts] = await query<{
    answers: number;
    vectors: number;
    calls: number;
    usd: number;
    tokens: number;
  }>(
    url,
    `select (select count(answer)::integer from judge_answers) as answers,
       (select count(vector)::integer from judge_answers) as vectors, count(*)::integer as calls,
       sum(cost_usd)::float8 as usd, sum(input_tokens)::integer as tokens from judge_calls`,
  );
  return counts;
};

test.each([
  ["a trace", async (api: ApiClient, id: string) => (await api.delete(`/traces/${id}`)).status === 204],
  [
    "a batch",
    async (api: ApiClient, id: string) =>
      (await api.post("/traces/batch/delete", { trace_ids: [id] }, { "idempotency-key": "delete" }))
        .status === 200,
  ],
  ["a session", async (api: ApiClient) => (await api.delete("/sessions/talk")).status === 200],
])(
  "deleting %s erases all text that was made from it, and keeps the costs",
  { timeout: 60_000 },
  async (_, remove) => {
    const { api, database } = await setUp();
    const span = { name: "look", kind: "TOOL", input: marker, started_at: "2026-03-01T00:00:00Z" };
    const [secret = "", other = ""] = await storeSession(api, "talk", [
      { input: marker, output: marker, metadata: { marker }, spans: [span] },
      {},
    ]);
    const body = { trace_id: secret, name: "quality", value: "0.5", reason: marker, metadata: { marker } };
    const key = { "idempotency-key": "score" };
    const score = await api.post<{ id: string }>("/evaluations/trace-scores", body, key);
    await api.patch(`/evaluations/trace-scores/${score.body.id}`, { reason: "Better than I thought." });
    await evaluate(api, { metrics: ["confidence", "coherence"] });
    await evaluate(api, { fresh: true });
    await evaluate(api, { model: "openai/stumbles" });
    const failed = await evaluate(api, { model: "openai/forbids", filters: { name: "turn 0" } });
    expect(failed).toMatchObject({ status: "FAILED", error_message: expect.stringContaining(marker) });
    await evaluateSessions(api, { model: "openai/rejects" });
    const [ofSession] = (await api.get<{ id: string }[]>("/evaluations/session-scores/talk")).body;
    await api.patch(`/evaluations/session-scores/${ofSession?.id}`, { value: "0.5" });
    const before = await ledgerCounts(database);
    expect(await findText(database.url, marker)).toEqual([
      "eval_runs.error_message",
      "idempotency_keys.body",
      "judge_answers.answer",
      "judge_calls.error",
      "session_score_revisions.metadata",
      "session_scores.metadata",
      "spans.input",
      "trace_score_revisions.metadata",
      "trace_score_revisions.reason",
      "trace_scores.metadata",
      "trace_scores.reason",
      "traces.input",
      "traces.metadata",
      "traces.output",
    ]);

    expect(await remove(api, secret)).toBe(true);
    expect(await findText(database.url, marker)).toEqual([]);
    const isWhole = (await api.get(`/traces/${other}`)).status === 404;
    const after = await ledgerCounts(database);
    // For the other trace: one answer from each of three models and from the fresh run, and two embeddings.
    expect(after).toEqual({ ...before, answers: isWhole ? 0 : after?.answers, vectors: isWhole ? 0 : 2 });
    expect(after?.usd).toBeGreaterThan(0);
    // A repeated request does not return erased text.
    expect((await api.post("/evaluations/trace-scores", body, key)).status).toBe(404);
  },
);

test.each(["test", "rejects"])(
  "a call in flight when its trace is deleted stores no text from %s",
  async (model) => {
    const { api, llm, database } = await setUp({ latencyMs: 2_000 });
    const [id] = await storeTraces(api, 1, { input: marker });
    const run = await createRun(api, { metrics: ["confidence"], model: `openai/${model}` });
    await waitUntil(async () => llm.requests.length > 0);
    expect((await api.delete(`/traces/${id}`)).status).toBe(204);
    expect(llm.answered).toBe(0);
    const ended = await endedRun(api, run.id);
    expect(llm.answered).toBeGreaterThan(0);
    expect(ended.usage.calls).toBe(llm.requests.length);
    expect(await findText(database.url, marker)).toEqual([]);
    expect(await ledgerCounts(database)).toMatchObject({ answers: 0, calls: llm.requests.length });
  },
);

test.each([false, true])(
  "an answer that two traces share is erased with the second one (fresh: %s)",
  async (fresh) => {
    const { api, llm, database } = await setUp();
    const same = { name: "same", input: marker, output: "It is 4.", started_at: "2026-03-01T00:00:00Z" };
    const [first, second] = await storeTraces(api, 2, same);
    await evaluate(api, { fresh });
    expect(llm.requests).toHaveLength(1);
    await api.delete(`/traces/${first}`);
    expect(await ledgerCounts(database)).toMatchObject({ answers: 1 });
    await api.delete(`/traces/${second}`);
    expect(await ledgerCounts(database)).toMatchObject({ answers: 0 });
    expect(await findText(database.url, marker)).toEqual([]);
  },
);

test("an answer belongs to every trace that received it, also in other runs", async () => {
  const { api, llm, database } = await setUp();
  const same = { name: "same", input: marker, output: "It is 4.", started_at: "2026-03-01T00:00:00Z" };
  const [first] = await storeTraces(api, 1, same);
  await evaluate(api);
  const [second] = await storeTraces(api, 1, same);
  await evaluate(api);
  await api.delete(`/traces/${first}`);
  expect((await evaluate(api)).usage).toMatchObject({ calls: 0, cached_calls: 1 });
  expect(llm.requests).toHaveLength(1);
  await api.delete(`/traces/${second}`);
  expect(await ledgerCounts(database)).toMatchObject({ answers: 0 });
});

test("answers that many traces share are erased if all are deleted at the same time", async () => {
  const { api, database } = await setUp();
  const same = { name: "same", input: marker, output: "It is 4.", started_at: "2026-03-01T00:00:00Z" };
  const ids = await storeTraces(api, 12, same);
  await evaluate(api, { metrics: ["confidence", "coherence"] });
  const deleted = await Promise.all([
    ...ids.slice(0, 6).map(async (id) => (await api.delete(`/traces/${id}`)).status),
    ...[ids.slice(6, 9), ids.slice(9)].map(
      async (trace_ids) => (await api.post("/traces/batch/delete", { trace_ids })).status,
    ),
  ]);
  expect(deleted).toEqual([204, 204, 204, 204, 204, 204, 200, 200]);
  expect(await ledgerCounts(database)).toMatchObject({ answers: 0, vectors: 0, calls: 2 });
});

test("an embedding is erased with the trace of its text, not with the traces compared with it", async () => {
  const { api, database } = await setUp();
  const [first, second] = await storeSession(api, "talk", [
    { input: "Hello?", output: "one" },
    { input: "Hello?", output: "two" },
    { input: "And now?", output: "three" },
  ]);
  await evaluateSessions(api);
  expect(await ledgerCounts(database)).toMatchObject({ vectors: 5 });
  await api.delete(`/traces/${first}`);
  expect(await ledgerCounts(database)).toMatchObject({ vectors: 4 });
  await api.delete(`/traces/${second}`);
  expect(await ledgerCounts(database)).toMatchObject({ vectors: 2 });
});

test("a score of a session no longer says why a deleted trace could not be judged", async () => {
  const { api, database } = await setUp();
  const [id] = await storeSession(api, "talk", [{ input: marker }]);
  await evaluateSessions(api, { model: "openai/rejects", metrics: ["agent_consistency"] });
  expect(await findText(database.url, marker)).toContain("session_scores.reason");
  await api.delete(`/traces/${id}`);
  expect(await findText(database.url, marker)).toEqual([]);
  const { body } = await api.get<{ items: unknown[] }>("/evaluations/session-scores");
  expect(body.items).toEqual([
    expect.objectContaining({
      status: "FAILED",
      reason: expect.stringMatching(/because: … \(a trace .* deleted\)$/),
    }),
  ]);
});

test("a score of a session stored after the deletion of a trace does not say why the trace failed", async () => {
  const { api, llm, database } = await setUp({ latencyMs: 500 });
  const [id] = await storeSession(api, "talk", [{ input: marker }, {}]);
  const run = await createRun(api, { metrics: bothMetrics, model: "openai/rejects" }, "session-runs");
  await waitUntil(async () => llm.requests.length > 0);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  onTestFinished(() => client.end());
  // Outcomes wait for this lock; signals do not.
  await client.query("begin");
  await client.query("select from eval_runs where id = $1 for no key update", [run.id]);
  // Not from pg_locks, which shows the locks of all databases, including those of other tests.
  const waiting =
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await waitUntil(async () => (await query(database.url, waiting)).length > 0);
  expect(await findText(database.url, marker)).toContain("trace_scores.reason");
  await api.delete(`/traces/${id}`);
  await client.query("commit");
  await endedSessionRun(api, run.id);
  expect(await findText(database.url, marker)).toEqual([]);
  const [score] = await sessionScores(api, run.id);
  expect(score?.metadata["failed_signals"]).toContainEqual(
    expect.objectContaining({ trace_id: id, reason: "The trace was deleted." }),
  );
});

test("the state of a model that is down quotes no trace", async () => {
  const { api, database } = await setUp();
  const trace_ids = await storeTraces(api, 8, { input: marker });
  const { id } = await createRun(api, { metrics: ["confidence"], model: "openai/down" });
  await waitUntil(async () => (await findText(database.url, "answered 503")).includes("judge_models.state"));
  await api.post("/traces/batch/delete", { trace_ids });
  expect(await findText(database.url, marker)).toEqual([]);
  await api.post(`/evaluations/trace-runs/${id}/cancel`);
  await endedRun(api, id);
  expect(await findText(database.url, marker)).toEqual([]);
});

test("a run that fails together with another project's does not see what the provider quoted", async () => {
  const { api, llm, database } = await setUp({ latencyMs: 3_000 }, { EVAL_CONCURRENCY: "1" });
  const [id] = await storeTraces(api, 1, { input: marker });
  const elsewhere = api.as({ project: "elsewhere" });
  await storeTraces(elsewhere, 1);
  const body = { metrics: ["confidence"], model: "openai/forbids" };
  const run = await createRun(api, body);
  await waitUntil(async () => llm.requests.length > 0);
  const other = await createRun(elsewhere, body);
  expect((await endedRun(api, run.id)).error_message).toContain(marker);
  expect((await endedRun(elsewhere, other.id)).error_message).toMatch(/answered 403 Forbidden\. /);
  await api.delete(`/traces/${id}`);
  expect(await findText(database.url, marker)).toEqual([]);
});

test("data that an older server stored without links to traces is erased with the first deletion in the project", async () => {
  const { api, database, llm } = await setUp();
  const [secret] = await storeTraces(api, 1, { input: marker });
  await evaluate(api);
  await evaluate(api, { model: "openai/forbids" });
  await query(
    database.url,
    `with old_questions as (delete from judge_questions), old_calls as (update judge_calls set is_linked = false)
     update judge_answers set is_linked = false`,
  );
  const elsewhere = api.as({ project: "elsewhere" });
  const [there] = await storeTraces(elsewhere, 1);
  await elsewhere.delete(`/traces/${there}`);
  expect(await ledgerCounts(database)).toMatchObject({ answers: 1 });
  const [other] = await storeTraces(api, 1);
  await api.delete(`/traces/${other}`);
  expect(await ledgerCounts(database)).toMatchObject({ answers: 0 });
  expect(await findText(database.url, marker)).toEqual(["trace_scores.reason", "traces.input"]);
  // The remaining trace is judged again, and its new answer is linked to it.
  const asked = llm.requests.length;
  await evaluate(api);
  expect(llm.requests).toHaveLength(asked + 1);
  await api.delete(`/traces/${secret}`);
  expect(await findText(database.url, marker)).toEqual([]);
});
