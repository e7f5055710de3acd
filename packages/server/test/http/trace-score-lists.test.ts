import type { TraceScorePage, TraceScoreResponse } from "@pandaprobe/contract";
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

async function list(api: ApiClient, query: Readonly<Record<string, string>> = {}): Promise<TraceScorePage> {
  const { status, body } = await api.get<TraceScorePage>(`${path}?${new URLSearchParams(query)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function ids(api: ApiClient, query: Readonly<Record<string, string>>): Promise<string[]> {
  const { items, total } = await list(api, query);
  expect(total).toBe(items.length);
  return items.map(({ id }) => id);
}

/** A score that differs from another in every filter. */
async function twoScores(api: ApiClient): Promise<[TraceScoreResponse, TraceScoreResponse]> {
  const [first, second] = [
    await storeTrace(api, { environment: "a%_" }),
    await storeTrace(api, { environment: "A%_" }),
  ];
  return [
    await createScore(api, first, { name: "quality", value: "0.5" }),
    await createScore(api, second, {
      name: "Quality",
      value: "true",
      data_type: "BOOLEAN",
      source: "PROGRAMMATIC",
    }),
  ];
}

describe("GET /evaluations/trace-scores", () => {
  test("returns scores newest first, in consistent pages", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const scores: TraceScoreResponse[] = [];
    for (let n = 0; n < 7; n += 1) scores.push(await createScore(api, trace, { name: `n${n}` }));
    scores.reverse();
    expect(await list(api)).toEqual({ items: scores, total: 7, limit: 50, offset: 0 });
    const page = await list(api, { limit: "3", offset: "3" });
    expect(page).toEqual({ items: scores.slice(3, 6), total: 7, limit: 3, offset: 3 });
    expect(await list(api, { offset: "7" })).toEqual({ items: [], total: 7, limit: 50, offset: 7 });
  });

  test("orders scores of the same time by id", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    for (let n = 0; n < 7; n += 1) await createScore(api, trace);
    await database.run("update trace_scores set created_at = '2026-03-01T00:00:00Z' where trace_id = $1", [
      trace,
    ]);
    const whole = (await list(api)).items.map(({ id }) => id);
    expect(whole).toEqual(whole.toSorted().toReversed());
    const paged: string[] = [];
    for (const offset of ["0", "2", "4", "6"])
      paged.push(...(await list(api, { limit: "2", offset })).items.map(({ id }) => id));
    expect(paged).toEqual(whole);
    // The latest score of a name is the one with the highest id.
    expect((await api.get<TraceScoreResponse[]>(`${path}/${trace}`)).body.map(({ id }) => id)).toEqual([
      whole[0],
    ]);
  });

  test("filters by trace, name, source, data type and environment, exactly", async () => {
    const api = server.project();
    const [one, two] = await twoScores(api);
    for (const field of ["trace_id", "name", "source", "data_type", "environment"] as const) {
      expect(await ids(api, { [field]: String(one[field]) }), field).toEqual([one.id]);
      expect(await ids(api, { [field]: String(two[field]) }), field).toEqual([two.id]);
    }
    expect(await ids(api, { trace_id: one.trace_id.toUpperCase() })).toEqual([one.id]);
    expect(await ids(api, { trace_id: unknownId })).toEqual([]);
    expect(await ids(api, { name: "qual%" })).toEqual([]);
    expect(await ids(api, { source: "AUTOMATED" })).toEqual([]);
    expect(await ids(api, { name: "quality", source: "PROGRAMMATIC" })).toEqual([]);
    expect(await ids(api, { name: "quality", source: "ANNOTATION" })).toEqual([one.id]);
  });

  test("shows the same scores for many traces as for each one, with and without a preference", async () => {
    const api = server.project();
    const traces = [await storeTrace(api), await storeTrace(api), await storeTrace(api)];
    for (const trace of traces) {
      await createScore(api, trace, { name: "tone", value: "0.1", author_user_id: "ann" });
      await createScore(api, trace, { name: "tone", value: "0.2", author_user_id: "ben" });
      await createScore(api, trace, { name: "tone", value: "0.3", source: "PROGRAMMATIC" });
      await createScore(api, trace, { name: "depth", value: "0.4", source: "PROGRAMMATIC" });
    }
    const [first = "", second = "", third = ""] = traces;
    // Ann looks again at the first trace; the second has changed since it was scored.
    const [, , ann] = (await list(api, { trace_id: first, name: "tone" })).items;
    await api.patch(`${path}/${ann?.id}`, { value: "0.15" });
    await api.patch(`/traces/${second}`, { output: "something else" });
    const values: Record<string, readonly string[]> = {};
    for (const prefer of [{}, { prefer: "person" }, { prefer: "annotation" }]) {
      const query = new URLSearchParams({ latest: "true", ...prefer });
      for (const id of [first, second]) query.append("trace_ids", id);
      const { body } = await api.get<TraceScorePage>(`${path}?${query}`);
      expect(body.total).toBe(4);
      for (const id of [first, second]) {
        const its = await api.get<TraceScoreResponse[]>(`${path}/${id}?${new URLSearchParams(prefer)}`);
        const listed = body.items.filter(({ trace_id }) => trace_id === id);
        expect(listed.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(its.body);
        values[`${id === first ? "first" : "second"} ${Object.values(prefer)}`] = its.body.map(
          ({ value }) => value ?? "",
        );
      }
    }
    expect(values).toEqual({
      "first ": ["0.4", "0.3"],
      "second ": ["0.4", "0.3"],
      "first person": ["0.4", "0.15"],
      "second person": ["0.4", "0.3"],
      "first annotation": ["0.4", "0.15"],
      "second annotation": ["0.4", "0.3"],
    });
    const latest = { latest: "true", limit: "2" };
    expect(await list(api, latest)).toMatchObject({
      total: 6,
      items: [
        { trace_id: third, value: "0.4" },
        { trace_id: third, value: "0.3" },
      ],
    });
    // Other filters choose among the latest.
    expect(await ids(api, { latest: "true", value_max: "0.3" })).toEqual([]);
    expect(await ids(api, { latest: "true", name: "tone", trace_id: first })).toHaveLength(1);
    expect(await ids(api, { latest: "false", trace_ids: third.toUpperCase() })).toHaveLength(4);
    expect(await ids(api, { trace_id: first, trace_ids: second })).toEqual([]);
    expect(await ids(api, { trace_ids: unknownId, latest: "1" })).toEqual([]);
  });

  test("lists the scores of up to 100 traces", async () => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api));
    const query = (count: number) =>
      `${path}?${Array.from({ length: count - 1 }, () => `trace_ids=${crypto.randomUUID()}&`).join("")}trace_ids=${score.trace_id}`;
    expect((await api.get(query(100))).body).toMatchObject({ total: 1, items: [{ id: score.id }] });
    expectProblem(await api.get(query(101)), "validation_error", { loc: ["query", "trace_ids"] });
    for (const value of ["", `${unknownId},${unknownId}`])
      expectProblem(await api.get(`${path}?trace_ids=${value}`), "validation_error", {
        loc: ["query", "trace_ids", 0],
      });
  });

  test("filters by status and run", async () => {
    const api = server.project();
    const [one, two] = await twoScores(api);
    const run = await createRun(api);
    await database.run(
      "update trace_scores set status = 'FAILED', value = null, eval_run_id = $1 where id = $2",
      [run.id, one.id],
    );
    expect(await ids(api, { status: "FAILED" })).toEqual([one.id]);
    expect(await ids(api, { status: "SUCCESS" })).toEqual([two.id]);
    expect(await ids(api, { status: "PENDING" })).toEqual([]);
    expect(await ids(api, { eval_run_id: run.id })).toEqual([one.id]);
    expect(await ids(api, { eval_run_id: unknownId })).toEqual([]);
  });

  test("filters by creation: from is inclusive, to exclusive", async () => {
    const api = server.project();
    const [one, two] = await twoScores(api);
    const at = (score: TraceScoreResponse, time: string) =>
      database.run("update trace_scores set created_at = $1 where id = $2", [time, score.id]);
    await at(one, "2026-03-01T00:00:00Z");
    await at(two, "2026-03-02T00:00:00Z");
    expect(await ids(api, { date_from: "2026-03-02" })).toEqual([two.id]);
    expect(await ids(api, { date_from: "2026-03-02T00:00:00.001Z" })).toEqual([]);
    expect(await ids(api, { date_to: "2026-03-02T00:00:00Z" })).toEqual([one.id]);
    expect(await ids(api, { date_to: "2026-03-02T00:00:00.001Z" })).toEqual([two.id, one.id]);
    expect(await ids(api, { date_from: "2026-03-01", date_to: "2026-03-02" })).toEqual([one.id]);
    expect(await ids(api, { date_from: "2026-03-02T01:00:00+01:00" })).toEqual([two.id]);
  });

  test("accepts the timestamps that it returns", async () => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api));
    expect(await ids(api, { date_from: score.created_at })).toEqual([score.id]);
    expect(await ids(api, { date_to: score.created_at })).toEqual([]);
  });

  test.each([
    ["2026-03-02", "2026-03-01"],
    ["2026-03-01", "2026-03-01"],
    ["2026-03-01T00:00:00Z", "2026-03-01T01:00:00+01:00"],
    ["2026-03-01T00:00:00.0001Z", "2026-03-01T00:00:00.0009Z"],
  ])("refuses a range from %s to %s", async (date_from, date_to) => {
    const answer = await server.project().get(`${path}?${new URLSearchParams({ date_from, date_to })}`);
    expectProblem(answer, "invalid_date_range", { loc: ["query", "date_from"] });
  });

  test.each([
    "trace_id=x",
    "trace_id=",
    "latest=yes",
    "latest=",
    "eval_run_id=1",
    "source=HUMAN",
    "status=DONE",
    "status=success",
    "data_type=TEXT",
    "date_from=soon",
    "date_to=",
    "limit=0",
    "limit=201",
    "offset=-1",
    "name=a&name=b",
  ])("refuses %s", async (query) => {
    const name = query.slice(0, query.indexOf("="));
    expectProblem(await server.project().get(`${path}?${query}`), "validation_error", {
      loc: ["query", name],
    });
  });
});

describe("a FAILED score of a run", () => {
  const failed = async () => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api), { reason: "the judge did not answer" });
    await database.run(
      "update trace_scores set status = 'FAILED', source = 'AUTOMATED', value = null, numeric_value = null where id = $1",
      [score.id],
    );
    return { api, score };
  };

  test("is listed without a value", async () => {
    const { api, score } = await failed();
    const shown = { ...score, status: "FAILED", source: "AUTOMATED", value: null };
    expect((await list(api)).items).toEqual([shown]);
    expect((await api.get(`${path}/${score.trace_id}`)).body).toEqual([shown]);
  });

  test("becomes a person's score only with a value", async () => {
    const { api, score } = await failed();
    for (const change of [{ reason: "looks fine" }, { metadata: {} }, { reason: null }])
      expectProblem(await api.patch(`${path}/${score.id}`, change), "validation_error", {
        loc: ["body", "value"],
      });
    expect((await list(api)).items).toMatchObject([{ status: "FAILED", value: null }]);
    const { status, body } = await api.patch(`${path}/${score.id}`, { value: "0.75" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      value: "0.75",
      status: "SUCCESS",
      source: "ANNOTATION",
      reason: score.reason,
    });
  });
});
