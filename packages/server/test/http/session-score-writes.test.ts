import type {
  ScoreSummaryItem,
  SessionScorePage,
  SessionScoreResponse,
  SessionScoreRevision,
} from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createSessionScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ role: "all" });
const database = databaseBehind(server);
const path = "/evaluations/session-scores";
const session = "a session/with ä slash";

/** A project whose session has a trace. */
async function withSession() {
  const api = server.project();
  return { api, trace: await storeTrace(api, { session_id: session, input: "Hi", output: "Ho" }) };
}

async function ofSession(api: ApiClient, query = ""): Promise<SessionScoreResponse[]> {
  const { status, body } = await api.get<SessionScoreResponse[]>(
    `${path}/${encodeURIComponent(session)}${query}`,
  );
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function patched(api: ApiClient, id: string, change: object): Promise<SessionScoreResponse> {
  const { status, body } = await api.patch<SessionScoreResponse>(`${path}/${id}`, change);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** Judges the session of a project. @returns the score */
async function judged(api: ApiClient): Promise<SessionScoreResponse> {
  const body = { metrics: ["agent_reliability"], thresholds: { agent_reliability: 0.5 } };
  const run = await createRun(api, body, "session-runs");
  await endedRun(api, run.id, undefined, "session-runs");
  const [score] = (await api.get<SessionScoreResponse[]>(`/evaluations/session-runs/${run.id}/scores`)).body;
  if (score === undefined) throw new Error("The run made no score.");
  return score;
}

async function summary(api: ApiClient, query = ""): Promise<ScoreSummaryItem | undefined> {
  return (await api.get<ScoreSummaryItem[]>(`/evaluations/analytics/session-scores/summary${query}`)).body[0];
}

describe("POST /evaluations/session-scores", () => {
  test("stores a person's score of a session, which every read shows", async () => {
    const { api } = await withSession();
    const sent = {
      name: "helpful",
      value: "TRUE",
      data_type: "BOOLEAN",
      reason: "It solved it.",
      author_user_id: "ann",
      metadata: { ticket: 7 },
    };
    const score = await createSessionScore(api, session, sent);
    expect(score).toMatchObject({
      ...sent,
      value: "true",
      session_id: session,
      source: "ANNOTATION",
      status: "SUCCESS",
      eval_run_id: null,
      judged: null,
      stale: false,
    });
    expect(await ofSession(api)).toEqual([score]);
    expect((await api.get<SessionScorePage>(path)).body.items).toEqual([score]);
  });

  test("keeps a program's score apart from people's", async () => {
    const { api } = await withSession();
    const score = await createSessionScore(api, session, { source: "PROGRAMMATIC" });
    expect(score.source).toBe("PROGRAMMATIC");
    const ids = async (query: string) =>
      (await api.get<SessionScorePage>(`${path}?${query}`)).body.items.map(({ id }) => id);
    const anns = await createSessionScore(api, session, { author_user_id: "ann" });
    expect(await ids("source=PROGRAMMATIC")).toEqual([score.id]);
    expect(await ids("author_user_id=ann")).toEqual([anns.id]);
    expect(await ids("prefer=person")).toEqual([anns.id]);
  });

  test.each([
    [{ value: "1.5" }, "value"],
    [{ value: "perhaps", data_type: "BOOLEAN" }, "value"],
    [{ name: "" }, "name"],
    [{ name: "x".repeat(256) }, "name"],
    [{ source: "AUTOMATED" }, "source"],
    [{ author_user_id: "" }, "author_user_id"],
    [{ session_id: "" }, "session_id"],
  ])("refuses %j", async (fields, field) => {
    const { api } = await withSession();
    const body = { session_id: session, name: "quality", value: "1", ...fields };
    expectProblem(await api.post(path, body), "validation_error", { loc: ["body", field] });
  });

  test("answers 404 for a session without traces", async () => {
    const api = server.project();
    const body = { session_id: session, name: "quality", value: "1" };
    expectProblem(await api.post(path, body), "not_found", { detail: /session/ });
  });

  test("with an Idempotency-Key makes one score, until the session is deleted", async () => {
    const { api } = await withSession();
    const send = () =>
      api.post<SessionScoreResponse>(
        path,
        { session_id: session, name: "quality", value: "1", reason: "secret" },
        { "idempotency-key": "once" },
      );
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await ofSession(api)).toHaveLength(1);
    expect((await api.delete(`/sessions/${encodeURIComponent(session)}`)).status).toBe(200);
    expectProblem(await send(), "not_found");
    expect(await ofSession(api)).toEqual([]);
  });
});

describe("a person's score of a session", () => {
  test("wins over newer judges' scores with prefer=person, in reads, runs and analytics, until a trace changes", async () => {
    const { api, trace } = await withSession();
    const score = await judged(api);
    const word = await createSessionScore(api, session, {
      name: "agent_reliability",
      value: "0.25",
      author_user_id: "ann",
    });
    const newer = await judged(api);
    const ids = async (query: string) => (await ofSession(api, query)).map(({ id }) => id);
    expect(await ids("")).toEqual([newer.id, word.id, score.id]);
    expect(await ids("?prefer=person")).toEqual([word.id]);
    const runScores = `/evaluations/session-runs/${newer.eval_run_id}/scores?prefer=person`;
    expect((await api.get(runScores)).body).toMatchObject([{ id: word.id }]);
    expect(await summary(api, "?prefer=person")).toMatchObject({ avg_score: 0.25, success_count: 1 });
    const history = `/evaluations/analytics/session-scores/history/${encodeURIComponent(session)}`;
    expect((await api.get(`${history}?prefer=person`)).body).toMatchObject([{ score: 0.25 }]);
    const comparison = "/evaluations/analytics/session-scores/comparison?metric_name=agent_reliability";
    expect((await api.get(`${comparison}&prefer=person`)).body).toMatchObject({ items: [{ score: 0.25 }] });

    await api.patch(`/traces/${trace}`, { output: "something else" });
    expect(await ids("?prefer=person")).toEqual([newer.id, word.id, score.id]);
  });
});

describe("PATCH /evaluations/session-scores/{score_id}", () => {
  test("makes a judge's score a person's: success follows, and the judge's own value stays visible", async () => {
    const { api } = await withSession();
    const before = await judged(api);
    expect(before.metadata["threshold"]).toBe(0.5);
    const first = await patched(api, before.id, { value: "0.1", author_user_id: "ann" });
    expect(first).toMatchObject({
      value: "0.1",
      source: "ANNOTATION",
      status: "SUCCESS",
      author_user_id: "ann",
      reason: before.reason,
      metadata: { ...before.metadata, success: false },
      judged: { value: before.value, reason: before.reason, eval_run_id: before.eval_run_id },
    });
    expect(await summary(api)).toMatchObject({ pass_count: 0, graded_count: 1, avg_score: 0.1 });
    const second = await patched(api, before.id, { value: "0.9", reason: "On second thought." });
    expect(second).toMatchObject({ metadata: { success: true }, judged: first.judged });
    expect(await summary(api)).toMatchObject({ pass_count: 1, avg_score: 0.9 });
    expect(await ofSession(api)).toEqual([second]);

    const revisions = (await api.get<SessionScoreRevision[]>(`${path}/${before.id}/revisions`)).body;
    expect(revisions).toMatchObject([
      { revision: 1, source: "AUTOMATED", value: before.value, replaced_at: first.updated_at },
      { revision: 2, source: "ANNOTATION", value: "0.1", author_user_id: "ann" },
    ]);
    expect((await api.delete(`${path}/${before.id}`)).status).toBe(204);
    expect(
      await database.run("select from session_score_revisions where score_id = $1", [before.id]),
    ).toEqual([]);
  });

  test("is about the session at the time of the correction", async () => {
    const { api, trace } = await withSession();
    const score = await judged(api);
    await api.patch(`/traces/${trace}`, { output: "else" });
    expect(await patched(api, score.id, { reason: "Hm." })).toMatchObject({ stale: true });
    expect(await patched(api, score.id, { value: "0.5" })).toMatchObject({ stale: false });
  });

  test.each([
    [{}, []],
    [{ value: "2" }, ["value"]],
    [{ value: null }, ["value"]],
    [{ score: "1" }, []],
  ])("refuses %j", async (change, field) => {
    const { api } = await withSession();
    const { id } = await createSessionScore(api, session);
    expectProblem(await api.patch(`${path}/${id}`, change), "validation_error", { loc: ["body", ...field] });
    expect((await api.get(`${path}/${id}/revisions`)).body).toEqual([]);
  });

  test("answers 404 for an unknown score, as its revisions do", async () => {
    const api = server.project();
    expectProblem(await api.patch(`${path}/${unknownId}`, { value: "1" }), "not_found");
    expectProblem(await api.get(`${path}/${unknownId}/revisions`), "not_found");
  });
});

describe("deleting one trace of a session", () => {
  test("keeps people's scores, which become stale, and erases the judge's text in corrected ones", async () => {
    const api = server.project();
    const ids = await Promise.all(
      ["one", "two"].map((name) => storeTrace(api, { session_id: session, name, output: name })),
    );
    const own = await createSessionScore(api, session, { reason: "Ann's own words.", author_user_id: "ann" });
    const { id } = await createSessionScore(api, session, { name: "polite" });
    await database.run(
      `update session_scores set source = 'AUTOMATED', reason = 'the judge quotes a secret',
         metadata = '{"metric_version": 1, "threshold": 0.5, "answers": {"a": "a secret"}}' where id = $1`,
      [id],
    );
    await patched(api, id, { value: "0.1" });
    await patched(api, id, { reason: "Bob's own words." });
    await patched(api, id, { value: "0.2" });
    expect((await api.delete(`/traces/${ids[0]}`)).status).toBe(204);

    const scores = await ofSession(api);
    expect(scores.find((score) => score.id === own.id)).toEqual({ ...own, stale: true });
    const erased = "A trace of the session was deleted, and the reason with it.";
    expect(scores.find((score) => score.id === id)).toMatchObject({
      value: "0.2",
      reason: "Bob's own words.",
      metadata: { metric_version: 1, threshold: 0.5, success: false },
      judged: { value: "0.9", reason: erased },
    });
    const revisions = (await api.get<SessionScoreRevision[]>(`${path}/${id}/revisions`)).body;
    expect(revisions.map(({ reason }) => reason)).toEqual([erased, erased, "Bob's own words."]);
    expect(JSON.stringify([scores, revisions])).not.toContain("secret");

    await api.delete(`/traces/${ids[1]}`);
    expect(await ofSession(api)).toHaveLength(2);
  });
});
