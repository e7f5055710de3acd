import type { EvalRunPage, EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** No worker runs, so runs stay PENDING. */
const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/trace-runs";

async function list(api: ApiClient, query = ""): Promise<EvalRunPage> {
  const { status, body } = await api.get<EvalRunPage>(`${path}?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function runs(api: ApiClient, count: number): Promise<EvalRunResponse[]> {
  await storeTrace(api);
  const made: EvalRunResponse[] = [];
  for (let n = 0; n < count; n += 1) made.push(await createRun(api, { name: `run ${n}` }));
  return made.reverse();
}

/** Scores of a run over new traces, as a worker would store them. */
async function withScores(api: ApiClient, count: number): Promise<EvalRunResponse> {
  await storeTrace(api);
  const run = await createRun(api);
  await database.run(
    `with made as (
      insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
        select $1, gen_random_uuid(), 'scored', 'COMPLETED', 'null', 'null', '{}', now(), '{}'
        from generate_series(1, $3) returning project_id, trace_id
    )
    insert into trace_scores (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id,
        reason, metadata, created_at)
      select project_id, gen_random_uuid(), trace_id, 'coherence', 'NUMERIC', '0.5', 0.5, 'AUTOMATED', 'SUCCESS', $2,
        'Ünïcödé, 👍 and "quotes".', '{"threshold": 0.5}',
        -- Many are of one moment, as those that are stored in one go.
        timestamptz '2026-03-01' + (row_number() over () / 300) * interval '1 ms'
      from made`,
    [run.project_id, run.id, count],
  );
  return run;
}

async function scores(api: ApiClient, runId: string, query = ""): Promise<TraceScoreResponse[]> {
  const { status, body } = await api.get<TraceScoreResponse[]>(`${path}/${runId}/scores${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe("GET /evaluations/trace-runs", () => {
  test("returns runs newest first, in consistent pages", async () => {
    const api = server.project();
    const all = await runs(api, 7);
    expect(await list(api)).toEqual({ items: all, total: 7, limit: 50, offset: 0 });
    expect(await list(api, "limit=3&offset=3")).toEqual({
      items: all.slice(3, 6),
      total: 7,
      limit: 3,
      offset: 3,
    });
    expect(await list(api, "limit=200&offset=7")).toEqual({ items: [], total: 7, limit: 200, offset: 7 });
  });

  test("orders runs of the same time by id", async () => {
    const api = server.project();
    const [run] = await runs(api, 6);
    await database.run("update eval_runs set created_at = '2026-03-01' where project_id = $1", [
      run?.project_id,
    ]);
    const whole = (await list(api)).items.map(({ id }) => id);
    expect(whole).toEqual(whole.toSorted().toReversed());
    const [first, second] = [await list(api, "limit=3"), await list(api, "limit=3&offset=3")];
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(whole);
  });

  test("filters by status", async () => {
    const api = server.project();
    const statuses = ["PENDING", "RUNNING", "COMPLETED", "FAILED"];
    const made = await runs(api, 4);
    for (const [index, run] of made.entries())
      await database.run("update eval_runs set status = $1 where id = $2", [statuses[index], run.id]);
    for (const [index, status] of statuses.entries()) {
      const page = await list(api, `status=${status}`);
      expect(page).toMatchObject({ total: 1, items: [{ id: made[index]?.id, status }] });
    }
  });

  test.each(["status=DONE", "status=pending", "status=", "limit=0", "limit=201", "limit=ten", "offset=-1"])(
    "refuses %s",
    async (query) => {
      const name = query.slice(0, query.indexOf("="));
      expectProblem(await server.project().get(`${path}?${query}`), "validation_error", {
        loc: ["query", name],
      });
    },
  );
});

describe("GET /evaluations/trace-runs/{run_id}", () => {
  test("with an unknown id is 404, with an invalid one 422", async () => {
    const api = server.project();
    expectProblem(await api.get(`${path}/${unknownId}`), "not_found", { detail: /trace run "11111111/ });
    expectProblem(await api.get(`${path}/x`), "validation_error", { loc: ["path", "run_id"] });
    // The id of a trace is not that of a run.
    expectProblem(await api.get(`${path}/${await storeTrace(api)}`), "not_found");
  });

  test("of a session run is 404, on every route", async () => {
    const api = server.project();
    const [run] = await runs(api, 1);
    const id = run?.id ?? "";
    await database.run("update eval_runs set target_type = 'SESSION' where id = $1", [id]);
    for (const suffix of ["", "/scores"]) expectProblem(await api.get(`${path}/${id}${suffix}`), "not_found");
    expectProblem(await api.post(`${path}/${id}/retry`), "not_found");
    expectProblem(await api.delete(`${path}/${id}`), "not_found");
    expect(await list(api)).toMatchObject({ total: 0 });
  });

  test("accepts its id in upper case", async () => {
    const api = server.project();
    const [run] = await runs(api, 1);
    expect((await api.get(`${path}/${run?.id.toUpperCase()}`)).body).toEqual(run);
  });
});

describe("GET /evaluations/trace-runs/{run_id}/scores", () => {
  test("is empty at first, and 404 for an unknown run", async () => {
    const api = server.project();
    const [run] = await runs(api, 1);
    expect(await scores(api, run?.id ?? "")).toEqual([]);
    expectProblem(await api.get(`${path}/${unknownId}/scores`), "not_found");
    expectProblem(await api.get(`${path}/x/scores`), "validation_error");
  });

  test.each([1, 499, 500, 501, 1200])("returns all %i of them, newest first", async (count) => {
    const api = server.project();
    const run = await withScores(api, count);
    const all = await scores(api, run.id);
    expect(all).toHaveLength(count);
    expect(new Set(all.map(({ id }) => id)).size).toBe(count);
    const order = all.map(({ created_at, id }) => `${created_at} ${id}`);
    expect(order).toEqual(order.toSorted().toReversed());
  });

  test("returns a page on request", async () => {
    const api = server.project();
    const run = await withScores(api, 1200);
    const all = await scores(api, run.id);
    for (const [limit, offset] of [
      [1, 0],
      [10, 5],
      [500, 0],
      [600, 300],
      [501, 699],
      [1200, 0],
      [5000, 1190],
    ] as const)
      expect(await scores(api, run.id, `?limit=${limit}&offset=${offset}`)).toEqual(
        all.slice(offset, offset + limit),
      );
    expect(await scores(api, run.id, "?offset=1195")).toEqual(all.slice(1195));
    expect(await scores(api, run.id, "?offset=1200")).toEqual([]);
    expect(await scores(api, run.id, "?limit=700")).toEqual(all.slice(0, 700));
  });

  test.each(["limit=0", "limit=x", "limit=", "offset=-1", "limit=1&limit=2"])("refuses %s", async (query) => {
    const api = server.project();
    const [run] = await runs(api, 1);
    expectProblem(await api.get(`${path}/${run?.id}/scores?${query}`), "validation_error");
  });

  test("excludes scores of other runs and of people", async () => {
    const api = server.project();
    const [one, other] = [await withScores(api, 2), await withScores(api, 3)];
    await createScore(api, (await scores(api, one.id))[0]?.trace_id ?? "");
    expect(await scores(api, one.id)).toHaveLength(2);
    expect(await scores(api, other.id)).toHaveLength(3);
  });
});

describe("DELETE /evaluations/trace-runs/{run_id}", () => {
  test.each(["", "?delete_scores=false"])("with %j keeps its scores, without a run", async (query) => {
    const api = server.project();
    const run = await withScores(api, 3);
    const before = await scores(api, run.id);
    const answer = await api.delete(`${path}/${run.id}${query}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expectProblem(await api.get(`${path}/${run.id}`), "not_found");
    expectProblem(await api.get(`${path}/${run.id}/scores`), "not_found");
    expectProblem(await api.delete(`${path}/${run.id}${query}`), "not_found");
    const left = await api.get<{ items: TraceScoreResponse[] }>("/evaluations/trace-scores");
    expect(left.body.items).toEqual(before.map((score) => ({ ...score, eval_run_id: null })));
  });

  test("with delete_scores=true deletes its scores, and no others", async () => {
    const api = server.project();
    const [doomed, kept] = [await withScores(api, 3), await withScores(api, 2)];
    const byHand = await createScore(api, (await scores(api, doomed.id))[0]?.trace_id ?? "");
    expect((await api.delete(`${path}/${doomed.id}?delete_scores=true`)).status).toBe(204);
    const left = await api.get<{ items: TraceScoreResponse[] }>("/evaluations/trace-scores");
    expect(left.body.items).toHaveLength(3);
    expect(left.body.items).toContainEqual(byHand);
    expect(await scores(api, kept.id)).toHaveLength(2);
  });

  test.each(["delete_scores=yes", "delete_scores=2", "delete_scores="])(
    "refuses %s, and deletes nothing",
    async (query) => {
      const api = server.project();
      const [run] = await runs(api, 1);
      expectProblem(await api.delete(`${path}/${run?.id}?${query}`), "validation_error", {
        loc: ["query", "delete_scores"],
      });
      expect(await list(api)).toMatchObject({ total: 1 });
    },
  );
});

describe("a trace that is deleted", () => {
  test("takes its scores with it, but not the run", async () => {
    const api = server.project();
    const run = await withScores(api, 3);
    const [score] = await scores(api, run.id);
    await api.delete(`/traces/${score?.trace_id}`);
    expect(await scores(api, run.id)).toHaveLength(2);
    expect((await api.get(`${path}/${run.id}`)).body).toEqual(run);
  });
});

describe("POST /evaluations/trace-runs/{run_id}/retry", () => {
  test("of an open run, or one with nothing to retry, is refused", async () => {
    const api = server.project();
    const run = await withScores(api, 1);
    expectProblem(await api.post(`${path}/${run.id}/retry`), "run_in_progress");
    const [{ trace_id }] = (await scores(api, run.id)) as [TraceScoreResponse];
    await database.run("update eval_run_targets set target_id = $1 where run_id = $2", [trace_id, run.id]);
    await database.run("update eval_runs set status = 'COMPLETED', completed_at = now() where id = $1", [
      run.id,
    ]);
    expectProblem(await api.post(`${path}/${run.id}/retry`), "nothing_to_retry");
    expect(await list(api)).toMatchObject({ total: 1 });
  });

  test("covers the items without a successful score, and names them", async () => {
    const api = server.project();
    const [a = "", b = ""] = await storeTraces(api, [{}, {}]);
    const original = await createRun(api, { metrics: ["coherence", "confidence"] });
    await database.run("update eval_runs set status = 'FAILED', completed_at = now() where id = $1", [
      original.id,
    ]);
    const { status, body } = await api.post<EvalRunResponse>(`${path}/${original.id}/retry`);
    expect(status).toBe(202);
    expect(body).toMatchObject({ name: `Retry: ${original.id}`, status: "PENDING", total_traces: 2 });
    expect(Object.keys(body.filters)).toEqual(["retry_of", "trace_ids"]);
    expect(body.filters["retry_of"]).toBe(original.id);
    expect((body.filters["trace_ids"] as string[]).toSorted()).toEqual([a, b].toSorted());
    const named = await api.post(`${path}/${original.id}/retry`, { name: "again", model: "heuristic/v1" });
    expect(named.body).toMatchObject({ name: "again", model: "heuristic/v1" });
  });

  test("accepts a body, an empty one, null, or none", async () => {
    const api = server.project();
    await storeTrace(api);
    const run = await createRun(api, { name: "nightly" });
    await database.run("update eval_runs set status = 'FAILED' where id = $1", [run.id]);
    for (const body of [undefined, null, {}, { name: null, model: null }]) {
      const answer = await api.post(`${path}/${run.id}/retry`, body);
      expect(answer.status, JSON.stringify(body)).toBe(202);
      expect(answer.body).toMatchObject({ name: "Retry: nightly" });
    }
    for (const body of [[], "x", { name: 1 }, { model: {} }])
      expectProblem(await api.post(`${path}/${run.id}/retry`, body), "validation_error");
    expectProblem(await api.post(`${path}/${run.id}/retry`, { model: "acme/x" }), "unknown_model_provider");
    expectProblem(
      await api.post(`${path}/${run.id}/retry`, { model: "openai/x" }),
      "provider_not_configured",
    );
    expectProblem(await api.post(`${path}/${unknownId}/retry`), "not_found");
    expectProblem(await api.post(`${path}/x/retry`), "validation_error");
  });
});
