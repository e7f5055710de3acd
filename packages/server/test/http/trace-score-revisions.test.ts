import type { TraceScoreResponse, TraceScoreRevision } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/trace-scores";

async function revisionsOf(api: ApiClient, id: string): Promise<TraceScoreRevision[]> {
  const { status, body } = await api.get<TraceScoreRevision[]>(`${path}/${id}/revisions`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function patched(api: ApiClient, id: string, change: object): Promise<TraceScoreResponse> {
  const { status, body } = await api.patch<TraceScoreResponse>(`${path}/${id}`, change);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** The fields of a score that a revision keeps. */
function kept(score: TraceScoreResponse) {
  const { value, status, source, eval_run_id, author_user_id, reason, metadata } = score;
  const set_at = score.updated_at;
  return { score_id: score.id, value, status, source, eval_run_id, author_user_id, reason, metadata, set_at };
}

/** A score as a judge would store it in a run. */
async function judged(api: ApiClient, fields: object = {}): Promise<TraceScoreResponse> {
  const trace = await storeTrace(api);
  const run = await createRun(api);
  const score = await createScore(api, trace, { reason: "the judge's words", ...fields });
  await database.run(
    "update trace_scores set source = 'AUTOMATED', eval_run_id = $1, author_user_id = 'ann' where id = $2",
    [run.id, score.id],
  );
  return { ...score, source: "AUTOMATED", eval_run_id: run.id, author_user_id: "ann" };
}

describe("GET /evaluations/trace-scores/{score_id}/revisions", () => {
  test("is empty for a score without changes", async () => {
    const api = server.project();
    expect(await revisionsOf(api, (await judged(api)).id)).toEqual([]);
  });

  test("keeps the judge's score and those of people, oldest first", async () => {
    const api = server.project();
    const original = await judged(api, { metadata: { threshold: 0.5, __proto__: 1 } });
    const first = await patched(api, original.id, { value: "0.25", reason: "too kind" });
    const second = await patched(api, original.id, { metadata: null, reason: null });
    expect(await revisionsOf(api, original.id)).toEqual([
      { ...kept(original), revision: 1, replaced_at: first.updated_at },
      { ...kept(first), revision: 2, replaced_at: second.updated_at },
    ]);
    expect(first).toMatchObject({ source: "ANNOTATION", eval_run_id: original.eval_run_id });
  });

  test("keeps that a score was FAILED", async () => {
    const api = server.project();
    const score = await judged(api);
    await database.run("update trace_scores set status = 'FAILED', value = null where id = $1", [score.id]);
    await patched(api, score.id, { value: "1" });
    expect(await revisionsOf(api, score.id)).toMatchObject([
      { value: null, status: "FAILED", source: "AUTOMATED", reason: "the judge's words" },
    ]);
  });

  test("excludes refused changes", async () => {
    const api = server.project();
    const score = await judged(api);
    expectProblem(await api.patch(`${path}/${score.id}`, { value: "2" }), "validation_error");
    expect(await revisionsOf(api, score.id)).toEqual([]);
  });

  test("survives the run, and is deleted with the score", async () => {
    const api = server.project();
    const score = await judged(api);
    await patched(api, score.id, { value: "0" });
    await api.delete(`/evaluations/trace-runs/${score.eval_run_id}`);
    expect(await revisionsOf(api, score.id)).toMatchObject([{ source: "AUTOMATED", eval_run_id: null }]);
    expect((await api.delete(`${path}/${score.id}`)).status).toBe(204);
    expectProblem(await api.get(`${path}/${score.id}/revisions`), "not_found");
    expect(await database.run("select from trace_score_revisions where score_id = $1", [score.id])).toEqual(
      [],
    );
  });

  test("with an unknown id is 404, with an invalid one 422", async () => {
    const api = server.project();
    expectProblem(await api.get(`${path}/${unknownId}/revisions`), "not_found", { detail: /score/ });
    expectProblem(await api.get(`${path}/none/revisions`), "validation_error", { loc: ["path", "score_id"] });
  });
});

describe("concurrent changes", () => {
  test("are each kept once, in the order they were made", async () => {
    const api = server.project();
    const score = await judged(api);
    const changes = Array.from({ length: 20 }, (_, n) => `change ${n}`);
    await Promise.all(changes.map((reason) => patched(api, score.id, { reason })));
    const revisions = await revisionsOf(api, score.id);
    expect(revisions.map(({ revision }) => revision)).toEqual(changes.map((_, n) => n + 1));
    const now = (await api.get<TraceScoreResponse[]>(`${path}/${score.trace_id}`)).body[0];
    const reasons = [...revisions.map(({ reason }) => reason), now?.reason];
    expect(reasons[0]).toBe("the judge's words");
    expect(reasons.slice(1).sort()).toEqual(changes.sort());
    // Each ends when the next begins.
    const since = [...revisions.slice(1).map(({ set_at }) => set_at), now?.updated_at];
    expect(revisions.map(({ replaced_at }) => replaced_at)).toEqual(since);
  });
});
