import type { SessionScorePage, SessionScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, storeSessionScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/session-scores";

/** A project, and a function that inserts session scores. */
async function withProject() {
  const api = server.project();
  const { project_id } = await createScore(api, await storeTrace(api));
  const store = (fields: Partial<SessionScoreResponse> = {}) =>
    storeSessionScore(database, { project_id, ...fields });
  return { api, store };
}

async function list(api: ApiClient, query: Readonly<Record<string, string>> = {}): Promise<SessionScorePage> {
  const { status, body } = await api.get<SessionScorePage>(`${path}?${new URLSearchParams(query)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function ids(api: ApiClient, query: Readonly<Record<string, string>>): Promise<string[]> {
  const { items, total } = await list(api, query);
  expect(total).toBe(items.length);
  return items.map(({ id }) => id);
}

async function ofSession(api: ApiClient, session: string): Promise<SessionScoreResponse[]> {
  const answer = await api.get<SessionScoreResponse[]>(`${path}/${encodeURIComponent(session)}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

describe("GET /evaluations/session-scores", () => {
  test("returns scores newest first, then by id, in consistent pages", async () => {
    const { api, store } = await withProject();
    const scores: SessionScoreResponse[] = [];
    for (let n = 0; n < 6; n += 1)
      scores.push(await store({ created_at: `2026-03-0${1 + Math.floor(n / 3)}T00:00:00.000Z` }));
    const key = ({ created_at, id }: SessionScoreResponse) => `${created_at} ${id}`;
    scores.sort((a, b) => (key(a) < key(b) ? 1 : -1));
    expect(await list(api)).toEqual({ items: scores, total: 6, limit: 50, offset: 0 });
    for (const offset of [0, 2, 4]) {
      expect(await list(api, { limit: "2", offset: String(offset) })).toEqual({
        items: scores.slice(offset, offset + 2),
        total: 6,
        limit: 2,
        offset,
      });
    }
  });

  test("shows the latest score of each name, of many sessions", async () => {
    const { api, store } = await withProject();
    const hostile = ["a,b", '{"}', "\\'", "ü%26"] as const;
    for (const session_id of hostile) {
      await store({ session_id, created_at: "2026-03-01T00:00:00.000Z" });
      await store({ session_id, name: "agent_consistency", created_at: "2026-03-02T00:00:00.000Z" });
      await store({ session_id, created_at: "2026-03-03T00:00:00.000Z" });
    }
    const shown = async (query: [string, string][]) => {
      const { body } = await api.get<SessionScorePage>(`${path}?${new URLSearchParams(query)}`);
      expect(body.total).toBe(body.items.length);
      return body.items
        .map(({ session_id, created_at }) => `${session_id} ${created_at.slice(0, 10)}`)
        .sort();
    };
    const latest = hostile.flatMap((id) => [`${id} 2026-03-02`, `${id} 2026-03-03`]);
    expect(await shown([["latest", "true"]])).toEqual(latest.toSorted());
    const two: [string, string][] = [
      ["session_ids", hostile[1]],
      ["session_ids", hostile[2]],
    ];
    expect(await shown([["latest", "true"], ...two])).toEqual(latest.slice(2, 6).toSorted());
    expect(await shown(two)).toHaveLength(6);
    expect(await shown([["session_ids", "a"]])).toEqual([]);
    const many = Array.from({ length: 101 }, () => "session_ids=a").join("&");
    expectProblem(await api.get(`${path}?${many}`), "validation_error", { loc: ["query", "session_ids"] });
    expectProblem(await api.get(`${path}?session_ids=${"a".repeat(256)}`), "validation_error");
  });

  test("filters by session, name, source, status and run, exactly", async () => {
    const { api, store } = await withProject();
    const runs = [await createRun(api), await createRun(api)] as const;
    const one = await store({ session_id: "a%", eval_run_id: runs[0].id });
    const two = await store({
      session_id: "A%",
      name: "agent_consistency",
      source: "PROGRAMMATIC",
      status: "FAILED",
      value: null,
      eval_run_id: runs[1].id,
    });
    for (const field of ["session_id", "name", "source", "status", "eval_run_id"] as const) {
      expect(await ids(api, { [field]: String(one[field]) }), field).toEqual([one.id]);
      expect(await ids(api, { [field]: String(two[field]) }), field).toEqual([two.id]);
    }
    expect(await ids(api, { eval_run_id: unknownId })).toEqual([]);
    expect(await ids(api, { source: "ANNOTATION" })).toEqual([]);
    expect(await ids(api, { name: one.name, status: "FAILED" })).toEqual([]);
    expect(await ids(api, { name: one.name, status: "SUCCESS", session_id: "a%" })).toEqual([one.id]);
  });

  test("filters by creation: from is inclusive, to exclusive", async () => {
    const { api, store } = await withProject();
    const one = await store({ created_at: "2026-03-01T00:00:00.000Z" });
    const two = await store({ created_at: "2026-03-02T00:00:00.000Z" });
    expect(await ids(api, { date_from: "2026-03-02" })).toEqual([two.id]);
    expect(await ids(api, { date_from: "2026-03-02T00:00:00.001Z" })).toEqual([]);
    expect(await ids(api, { date_to: "2026-03-02t00:00:00z" })).toEqual([one.id]);
    expect(await ids(api, { date_from: "2026-03-01", date_to: "2026-03-02" })).toEqual([one.id]);
    const crossed = await api.get(`${path}?date_from=2026-03-02&date_to=2026-03-02`);
    expectProblem(crossed, "invalid_date_range", { loc: ["query", "date_from"] });
  });

  test.each([
    "eval_run_id=1",
    "source=HUMAN",
    "status=DONE",
    "date_from=soon",
    "limit=0",
    "limit=201",
    "offset=-1",
  ])("refuses %s", async (query) => {
    expectProblem(await server.project().get(`${path}?${query}`), "validation_error", {
      loc: ["query", query.slice(0, query.indexOf("="))],
    });
  });
});

describe("GET /evaluations/session-scores/{session_id}", () => {
  test("returns all scores of the session, newest first, and no others", async () => {
    const { api, store } = await withProject();
    const older = await store({ created_at: "2026-03-01T00:00:00.000Z" });
    const newer = await store({ name: "agent_consistency", created_at: "2026-03-02T00:00:00.000Z" });
    await store({ session_id: "A session" });
    expect(await ofSession(api, "a session")).toEqual([newer, older]);
    expect(await ofSession(api, "unknown")).toEqual([]);
  });

  test("returns any number of them, each once", async () => {
    const { api, store } = await withProject();
    const { project_id, id } = await store();
    // Many at the same time, so that pages end between scores that differ only in their ids.
    await database.run(
      `insert into session_scores select project_id, gen_random_uuid(), session_id, name, data_type, value, numeric_value,
        source, status, eval_run_id, author_user_id, reason, metadata, created_at - interval '1 hour' * (n % 2), updated_at
      from session_scores, generate_series(1, 1200) n where project_id = $1 and id = $2`,
      [project_id, id],
    );
    const scores = await ofSession(api, "a session");
    expect(new Set(scores.map((score) => score.id)).size).toBe(1201);
    const keys = scores.map((score) => `${score.created_at} ${score.id}`);
    expect(keys).toEqual(keys.toSorted().toReversed());
  });

  test.each(["template", "a/b?c#d", "../x", "%2e", "ü ".repeat(127), "😀".repeat(255), unknownId])(
    "finds a session whatever its name: %s",
    async (session_id) => {
      const { api, store } = await withProject();
      const score = await store({ session_id });
      expect(await ofSession(api, session_id)).toEqual([score]);
      expect(await ids(api, { session_id })).toEqual([score.id]);
    },
  );

  test("refuses invalid names of sessions", async () => {
    expectProblem(await server.project().get(`${path}/${"x".repeat(256)}`), "validation_error", {
      loc: ["path", "session_id"],
    });
  });
});

describe("DELETE /evaluations/session-scores/{score_id}", () => {
  test("deletes only that score", async () => {
    const { api, store } = await withProject();
    const [doomed, kept] = [await store(), await store()];
    const answer = await api.delete(`${path}/${doomed.id}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expectProblem(await api.delete(`${path}/${doomed.id}`), "not_found", { detail: /score/ });
    expect(await ofSession(api, "a session")).toEqual([kept]);
    expectProblem(await api.delete(`${path}/a%20session`), "validation_error", { loc: ["path", "score_id"] });
  });
});
