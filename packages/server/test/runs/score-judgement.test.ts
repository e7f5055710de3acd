import type { ScoreJudgement, TraceScoreResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectProblem } from "../http/support/expect-problem.ts";
import { createScore } from "../http/support/samples.ts";
import type { ApiClient } from "../support/api-client.ts";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";

let llm: LlmServer;
let server: TestServer & { close(): Promise<void> };

beforeAll(async () => {
  llm = await startLlmServer();
  server = await startTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/judge",
      EVAL_MAX_TRACE_CHARS: "200000",
    },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});

const trace = {
  name: "book a table",
  input: "Book a table for two.",
  output: "It is booked for <b>two</b>.",
  spans: [{ name: "book_table", kind: "TOOL", started_at: "2026-03-01T09:00:00Z", input: { seats: 2 } }],
};

/** A project with a trace, and its scores by a run. */
async function judged(fields: object = {}) {
  const api = server.api.as({ project: `judged-${crypto.randomUUID()}` });
  const traceId = await storeTrace(api, trace);
  const run = await createRun(api, { metrics: ["task_completion"], ...fields });
  await endedRun(api, run.id);
  const scores = await runScores(api, run.id);
  return { api, traceId, runId: run.id, score: scores[0] as TraceScoreResponse, scores };
}

async function judgementOf(api: ApiClient, { id }: { id: string }, query = ""): Promise<ScoreJudgement> {
  const path = `/evaluations/trace-scores/${id}/judgement${query}`;
  const { status, body } = await api.get<ScoreJudgement>(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

test("shows the questions as they were sent, and the answers, without asking again", async () => {
  const { api, score } = await judged();
  const sent = llm.requests.length;
  const { questions, ...rest } = await judgementOf(api, score);
  expect(rest).toEqual({
    score_id: score.id,
    by: "MODEL",
    note: null,
    judges: ["openai/judge"],
    repeats: 1,
    model: "openai/judge",
    repeat: 1,
    stale: false,
  });
  expect(questions.length).toBeGreaterThan(0);
  const bodies = llm.requests.map(({ body }) => JSON.stringify(body));
  for (const { system, prompt, answer } of questions) {
    expect(bodies.some((body) => body.includes(JSON.stringify(prompt).slice(1, -1)))).toBe(true);
    expect(bodies.some((body) => body.includes(JSON.stringify(system).slice(1, -1)))).toBe(true);
    expect(JSON.parse(answer ?? "null")).toEqual(expect.any(Object));
  }
  expect(questions.map(({ prompt }) => prompt).join()).toContain("Book a table for two.");
  expect(llm.requests.length).toBe(sent);
});

test("a corrected score still shows what the judge was asked", async () => {
  const { api, score } = await judged();
  await api.patch(`/evaluations/trace-scores/${score.id}`, { value: "0.1" });
  const { by, questions } = await judgementOf(api, score);
  expect(by).toBe("MODEL");
  expect(questions[0]?.answer).not.toBeNull();
});

test("each member and repeat of a jury has questions of its own", async () => {
  const { api, score } = await judged({ judges: ["openai/a", "openai/b"], repeats: 2 });
  const first = await judgementOf(api, score);
  expect(first).toMatchObject({ judges: ["openai/a", "openai/b"], repeats: 2, model: "openai/a", repeat: 1 });
  const last = await judgementOf(api, score, "?model=openai%2Fb&repeat=2");
  expect(last).toMatchObject({ model: "openai/b", repeat: 2 });
  for (const { answer } of [...first.questions, ...last.questions]) expect(answer).not.toBeNull();
  const path = `/evaluations/trace-scores/${score.id}/judgement`;
  expectProblem(await api.get(`${path}?model=openai%2Fc`), "validation_error", {
    loc: ["query", "model"],
    detail: /use openai\/a, openai\/b/,
  });
  expectProblem(await api.get(`${path}?repeat=3`), "validation_error", { loc: ["query", "repeat"] });
});

test("the answers of a fresh run are its own", async () => {
  const { api, score } = await judged({ fresh: true });
  const { questions } = await judgementOf(api, score);
  expect(questions.map(({ answer }) => answer)).not.toContain(null);
});

test("once its trace has changed, the question is a different one, without an answer", async () => {
  const { api, traceId, score } = await judged();
  await api.patch(`/traces/${traceId}`, { input: "Book a table for three." });
  const { stale, questions } = await judgementOf(api, score);
  expect(stale).toBe(true);
  expect(questions.at(-1)?.answer).toBeNull();
  expect(questions[0]?.prompt).toContain("for three.");
});

test("says who gave a score that asked no model", async () => {
  const { api, traceId, scores, runId } = await judged({
    metrics: ["task_completion", "coherence"],
    model: "heuristic/v1",
  });
  const notes = new Map<string, ScoreJudgement>();
  for (const score of scores) notes.set(score.name, await judgementOf(api, score));
  expect(notes.get("task_completion")).toMatchObject({ by: "HEURISTIC", questions: [] });
  expect(notes.get("coherence")).toMatchObject({ by: "RULE", judges: [], questions: [] });
  const person = await createScore(api, traceId, { name: "a" });
  expect(await judgementOf(api, person)).toMatchObject({ by: "PERSON", model: null });
  const program = await createScore(api, traceId, { name: "b", source: "PROGRAMMATIC" });
  expect(await judgementOf(api, program)).toMatchObject({ by: "PROGRAM" });
  await api.delete(`/evaluations/trace-runs/${runId}`);
  const [orphan] = scores;
  expect(await judgementOf(api, orphan as TraceScoreResponse)).toMatchObject({
    by: "UNKNOWN",
    questions: [],
  });
  for (const { note } of notes.values()) expect(note).toMatch(/\.$/);
});

test("a signal that is computed from its session has no judge", async () => {
  const api = server.api.as({ project: `signals-${crypto.randomUUID()}` });
  await storeTrace(api, { ...trace, session_id: "s" });
  const fields = { metrics: ["agent_consistency"], model: "heuristic/v1" };
  const { id } = await createRun(api, fields, "session-runs");
  await endedRun(api, id, undefined, "session-runs");
  const { body } = await api.get<{ items: TraceScoreResponse[] }>(
    "/evaluations/trace-scores?name=loop_detection",
  );
  const [signal] = body.items;
  expect(await judgementOf(api, { id: signal?.id ?? "" })).toMatchObject({ by: "RULE", questions: [] });
});

test("a long trace is shown shortened", async () => {
  const api = server.api.as({ project: `long-${crypto.randomUUID()}` });
  await storeTrace(api, { ...trace, output: "word ".repeat(300_000) });
  const run = await createRun(api, { metrics: ["task_completion"] });
  await endedRun(api, run.id);
  const [score] = await runScores(api, run.id);
  const { questions } = await judgementOf(api, score as TraceScoreResponse);
  const bytes = questions.map(({ prompt }) => Buffer.byteLength(prompt));
  expect(Math.max(...bytes)).toBeGreaterThan(90_000);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(100_000);
});
