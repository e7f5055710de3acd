import type { EvalRunPage, EvalRunResponse, SessionScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** No worker runs, so runs stay PENDING. */
const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/session-runs";

const sessionRun = (api: ApiClient, fields: object = {}) =>
  createRun(api, { metrics: ["agent_reliability"], ...fields }, "session-runs");

/** A run with a score and a signal per session, as a worker would store them. */
async function withScores(api: ApiClient, count: number): Promise<EvalRunResponse> {
  const trace = await storeTrace(api, { session_id: "s" });
  const run = await sessionRun(api);
  await database.run(
    `insert into session_scores (project_id, id, session_id, name, data_type, value, numeric_value, source, status,
        eval_run_id, reason, metadata, created_at)
      select $1, gen_random_uuid(), 'session/' || n, 'agent_reliability', 'NUMERIC', '0.5', 0.5, 'AUTOMATED', 'SUCCESS', $2,
        'Because.', '{"threshold": 0.5}',
        -- Many are of one moment, as those that are stored in one go.
        timestamptz '2026-03-01' + (n / 300) * interval '1 ms'
      from generate_series(1, $3) n`,
    [run.project_id, run.id, count],
  );
  await database.run(
    `insert into trace_scores (project_id, id, trace_id, name, data_type, value, source, status, eval_run_id, metadata)
      values ($1, gen_random_uuid(), $2, 'coherence', 'NUMERIC', '1', 'AUTOMATED', 'SUCCESS', $3, '{}')`,
    [run.project_id, trace, run.id],
  );
  return run;
}

async function scores(api: ApiClient, runId: string, query = ""): Promise<SessionScoreResponse[]> {
  const { status, body } = await api.get<SessionScoreResponse[]>(`${path}/${runId}/scores${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe("GET /evaluations/session-runs", () => {
  test("returns runs newest first, in pages, filtered by status", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    const first = await sessionRun(api);
    const second = await sessionRun(api);
    const empty = await sessionRun(api, { sampling_rate: 0 });
    const list = async (query: string) => (await api.get<EvalRunPage>(`${path}?${query}`)).body;
    expect(await list("")).toEqual({ items: [empty, second, first], total: 3, limit: 50, offset: 0 });
    expect(await list("limit=1&offset=1")).toEqual({ items: [second], total: 3, limit: 1, offset: 1 });
    expect((await list("status=COMPLETED")).items).toEqual([empty]);
    expect((await list("status=RUNNING")).items).toEqual([]);
    expectProblem(await api.get(`${path}?limit=0`), "validation_error");
  });
});

describe("GET /evaluations/session-runs/{run_id}", () => {
  test("is held until the run changes, or the wait is over", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    const run = await sessionRun(api);
    const answer = await api.get(`${path}/${run.id}`, { prefer: "wait=1" });
    expect(answer.body).toEqual(run);
    expect(answer.headers.get("preference-applied")).toBe("wait=1");
  });
});

describe("GET /evaluations/session-runs/{run_id}/scores", () => {
  test("returns all scores of its sessions, and no others, newest first", async () => {
    const api = server.project();
    const run = await withScores(api, 1234);
    await withScores(api, 2);
    const all = await scores(api, run.id);
    expect(all).toHaveLength(1234);
    const sorted = all.toSorted((a, b) =>
      a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1,
    );
    expect(all.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
    expect(all[0]).toEqual({
      id: expect.any(String),
      session_id: expect.stringMatching(/^session\/\d+$/),
      project_id: run.project_id,
      name: "agent_reliability",
      data_type: "NUMERIC",
      value: "0.5",
      source: "AUTOMATED",
      status: "SUCCESS",
      eval_run_id: run.id,
      author_user_id: null,
      judged: null,
      stale: false,
      reason: "Because.",
      metadata: { threshold: 0.5 },
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await scores(api, run.id, "?limit=700&offset=20")).toEqual(all.slice(20, 720));
    expect(await scores(api, run.id, "?offset=1234")).toEqual([]);
    expectProblem(await api.get(`${path}/${run.id}/scores?limit=0`), "validation_error");
  });
});

describe("DELETE /evaluations/session-runs/{run_id}", () => {
  const stored = (runId: string | null, projectId: string) =>
    database.run(
      `select name from trace_scores where project_id = $1 and eval_run_id is not distinct from $2
        union all select name from session_scores where project_id = $1 and eval_run_id is not distinct from $2`,
      [projectId, runId],
    );

  test("keeps its scores and signals, without a run", async () => {
    const api = server.project();
    const { id, project_id: project } = await withScores(api, 3);
    expect((await api.delete(`${path}/${id}`)).status).toBe(204);
    expectProblem(await api.get(`${path}/${id}`), "not_found");
    expect(await stored(null, project)).toHaveLength(4);
  });

  test("with delete_scores=true deletes its scores and signals, and no others", async () => {
    const api = server.project();
    const { id, project_id: project } = await withScores(api, 3);
    const other = await withScores(api, 2);
    const trace = await storeTrace(api);
    await createScore(api, trace);
    expect((await api.delete(`${path}/${id}?delete_scores=true`)).status).toBe(204);
    expect(await stored(id, project)).toEqual([]);
    expect(await stored(other.id, project)).toHaveLength(3);
    expect(await stored(null, project)).toEqual([{ name: "quality" }]);
  });
});
