import type { TraceScorePage, TraceScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const path = "/evaluations/trace-scores";

async function scoreOf(api: ApiClient, traceId: string): Promise<TraceScoreResponse[]> {
  const { status, body } = await api.get<TraceScoreResponse[]>(`${path}/${traceId}`);
  expect(status).toBe(200);
  return body;
}

describe("POST /evaluations/trace-scores", () => {
  test("attaches a score to a trace", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { environment: "production" });
    const { status, body } = await api.post<TraceScoreResponse>(path, {
      trace_id,
      name: "quality",
      value: "0.9",
      data_type: "NUMERIC",
      source: "ANNOTATION",
      reason: "High quality response with accurate information",
      metadata: { reviewer: { team: "a" } },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      trace_id,
      project_id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: "quality",
      value: "0.9",
      data_type: "NUMERIC",
      source: "ANNOTATION",
      status: "SUCCESS",
      reason: "High quality response with accurate information",
      metadata: { reviewer: { team: "a" } },
      environment: "production",
      eval_run_id: null,
      author_user_id: null,
      judged: null,
      stale: false,
      config_id: null,
      created_at: expect.any(String),
      updated_at: body.created_at,
    });
    expect(await scoreOf(api, trace_id)).toEqual([body]);
  });

  test("fills in defaults", async () => {
    const api = server.project();
    expect(await createScore(api, await storeTrace(api))).toMatchObject({
      data_type: "NUMERIC",
      source: "ANNOTATION",
      reason: null,
      metadata: {},
      environment: null,
    });
  });

  test.each([
    ["NUMERIC", "0"],
    ["NUMERIC", "1"],
    ["NUMERIC", ".5"],
    ["NUMERIC", "1.000"],
    ["NUMERIC", "00.850"],
    ["NUMERIC", "0.12345678901234567890"],
    ["BOOLEAN", "true"],
    ["BOOLEAN", "false"],
    ["CATEGORICAL", "PASS"],
    ["CATEGORICAL", " "],
    ["CATEGORICAL", "👍".repeat(255)],
    ["CATEGORICAL", "2"],
  ])("keeps a %s value as it was sent: %j", async (data_type, value) => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api), { data_type, value, source: "PROGRAMMATIC" });
    expect(score).toMatchObject({ data_type, value, source: "PROGRAMMATIC" });
  });

  test.each([
    [{ value: "1.1" }, ["body", "value"]],
    [{ value: "-0.1" }, ["body", "value"]],
    [{ value: "+1" }, ["body", "value"]],
    [{ value: "5e1" }, ["body", "value"]],
    [{ value: "" }, ["body", "value"]],
    [{ value: " 0.5" }, ["body", "value"]],
    [{ value: "NaN" }, ["body", "value"]],
    [{ value: "PASS" }, ["body", "value"]],
    [{ value: 0.5 }, ["body", "value"]],
    [{ value: null }, ["body", "value"]],
    [{ value: undefined }, ["body", "value"]],
    [{ value: "yes", data_type: "BOOLEAN" }, ["body", "value"]],
    [{ value: "yes", data_type: "BOOLEAN" }, ["body", "value"]],
    [{ value: true, data_type: "BOOLEAN" }, ["body", "value"]],
    [{ value: "", data_type: "CATEGORICAL" }, ["body", "value"]],
    [{ value: "👍".repeat(256), data_type: "CATEGORICAL" }, ["body", "value"]],
    [{ data_type: "TEXT" }, ["body", "data_type"]],
    [{ data_type: null }, ["body", "data_type"]],
    [{ source: "AUTOMATED" }, ["body", "source"]],
    [{ name: "" }, ["body", "name"]],
    [{ name: undefined }, ["body", "name"]],
    [{ name: "x".repeat(256) }, ["body", "name"]],
    [{ trace_id: "x" }, ["body", "trace_id"]],
    [{ trace_id: undefined }, ["body", "trace_id"]],
    [{ reason: 1 }, ["body", "reason"]],
    [{ metadata: [] }, ["body", "metadata"]],
    [{ metadata: null }, ["body", "metadata"]],
  ])("refuses %j", async (fields, loc) => {
    const api = server.project();
    const body = { trace_id: await storeTrace(api), name: "quality", value: "0.9", ...fields };
    expectProblem(await api.post(path, body), "validation_error", { loc });
    expect((await api.get(path)).body).toMatchObject({ total: 0 });
  });

  test("requires an existing trace", async () => {
    const body = { trace_id: unknownId, name: "quality", value: "0.9" };
    expectProblem(await server.project().post(path, body), "not_found", { detail: /trace "11111111/ });
  });

  test("ignores unknown fields", async () => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api), { status: "FAILED", eval_run_id: unknownId });
    expect(score).toMatchObject({ status: "SUCCESS", eval_run_id: null });
  });

  test("keeps the trace's environment at the time", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { environment: "staging" });
    const before = await createScore(api, trace_id);
    await storeTrace(api, { trace_id, environment: "production" });
    const after = await createScore(api, trace_id);
    expect([before.environment, after.environment]).toEqual(["staging", "production"]);
    expect((await api.get<TraceScorePage>(`${path}?environment=staging`)).body.items).toEqual([before]);
  });
});

describe("GET /evaluations/trace-scores/{trace_id}", () => {
  test("returns the newest score of each name", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    await createScore(api, trace, { name: "b", value: "0.1" });
    const a = await createScore(api, trace, { name: "a", value: "0.2" });
    const b = await createScore(api, trace, { name: "b", value: "0.3" });
    await createScore(api, await storeTrace(api), { name: "c" });
    expect(await scoreOf(api, trace)).toEqual([a, b]);
  });

  test("returns an older score after the newest is deleted", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const older = await createScore(api, trace);
    const newer = await createScore(api, trace);
    await api.patch(`${path}/${older.id}`, { reason: "looked at again" });
    expect(await scoreOf(api, trace)).toEqual([newer]);
    await api.delete(`${path}/${newer.id}`);
    expect(await scoreOf(api, trace)).toMatchObject([{ id: older.id }]);
  });

  test("is an empty list for an unknown trace, and 422 for an invalid id", async () => {
    const api = server.project();
    expect(await scoreOf(api, unknownId)).toEqual([]);
    expectProblem(await api.get(`${path}/none`), "validation_error", { loc: ["path", "trace_id"] });
  });
});

describe("PATCH /evaluations/trace-scores/{score_id}", () => {
  const scored = async (fields: object = {}) => {
    const api = server.project();
    const trace_id = await storeTrace(api, { environment: "production" });
    const score = await createScore(api, trace_id, {
      reason: "first look",
      metadata: { a: 1, b: 2 },
      source: "PROGRAMMATIC",
      ...fields,
    });
    const patch = (body: unknown) => api.patch<TraceScoreResponse>(`${path}/${score.id}`, body);
    return { api, score, patch };
  };

  test.each([
    [{ value: "0.95", reason: "Revised after manual review" }, {}],
    [{ value: ".10" }, {}],
    [{ reason: "another" }, {}],
    [{ reason: null }, {}],
    [{ reason: "" }, {}],
    [{ metadata: { c: 3 } }, {}],
    [{ metadata: {} }, {}],
    [{ metadata: null }, { metadata: {} }],
  ])("with %j changes that, and the source", async (change, stored) => {
    const { api, score, patch } = await scored();
    const { status, body } = await patch(change);
    expect(status).toBe(200);
    const { updated_at, ...rest } = body;
    const { updated_at: before, ...unchanged } = score;
    expect(rest).toEqual({ ...unchanged, ...change, ...stored, status: "SUCCESS", source: "ANNOTATION" });
    expect(updated_at >= before).toBe(true);
    expect(await scoreOf(api, score.trace_id)).toEqual([body]);
  });

  test("sets when it was updated", async () => {
    const { score, patch } = await scored();
    const second = new Date(Date.parse(score.updated_at)).toISOString();
    // Timestamps have milliseconds, and a few patches take longer than one.
    let { updated_at } = score;
    while (updated_at === second) updated_at = (await patch({ reason: "again" })).body.updated_at;
    expect(updated_at > second).toBe(true);
  });

  test.each([
    [{}, ["body"]],
    [{ value: null }, ["body", "value"]],
    [{ value: null, reason: "x" }, ["body", "value"]],
    [{ value: 0.5 }, ["body", "value"]],
    [{ value: "1.5" }, ["body", "value"]],
    [{ value: "true" }, ["body", "value"]],
    [{ value: "" }, ["body", "value"]],
    [{ reason: 5 }, ["body", "reason"]],
    [{ metadata: [1] }, ["body", "metadata"]],
    [{ name: "other" }, ["body", "name"]],
    [{ value: "0.5", status: "FAILED" }, ["body", "status"]],
    [{ source: "PROGRAMMATIC" }, ["body", "source"]],
    [{ data_type: "BOOLEAN", value: "true" }, ["body", "data_type"]],
    [JSON.parse('{"__proto__": {"value": "0.5"}}'), ["body", "__proto__"]],
    [{ constructor: 1 }, ["body", "constructor"]],
  ])("refuses %j, and changes nothing", async (change, loc) => {
    const { api, score, patch } = await scored();
    expectProblem(await patch(change), "validation_error", { loc });
    expect(await scoreOf(api, score.trace_id)).toEqual([score]);
  });

  test("requires a body", async () => {
    const { patch } = await scored();
    for (const body of [undefined, null, [], "0.5"]) expectProblem(await patch(body), "validation_error");
  });

  test("checks the value against the stored data type", async () => {
    const boolean = await scored({ data_type: "BOOLEAN", value: "true" });
    expectProblem(await boolean.patch({ value: "0.5" }), "validation_error", { detail: /BOOLEAN/ });
    expect((await boolean.patch({ value: "false" })).body).toMatchObject({ value: "false" });
    const label = await scored({ data_type: "CATEGORICAL", value: "PASS" });
    expectProblem(await label.patch({ value: "" }), "validation_error", { detail: /CATEGORICAL/ });
    expect((await label.patch({ value: "FAIL" })).body).toMatchObject({ value: "FAIL" });
  });

  test("with an unknown id is 404, with an invalid one 422", async () => {
    const api = server.project();
    expectProblem(await api.patch(`${path}/${unknownId}`, { value: "0.5" }), "not_found", {
      detail: /score/,
    });
    expectProblem(await api.patch(`${path}/none`, { value: "0.5" }), "validation_error");
    // The id of a trace is not that of a score.
    const trace = await storeTrace(api);
    expectProblem(await api.patch(`${path}/${trace}`, { value: "0.5" }), "not_found");
  });
});

describe("DELETE /evaluations/trace-scores/{score_id}", () => {
  test("deletes only that score", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const [doomed, kept] = [await createScore(api, trace), await createScore(api, trace)];
    const answer = await api.delete(`${path}/${doomed.id}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expectProblem(await api.delete(`${path}/${doomed.id}`), "not_found");
    expect(await scoreOf(api, trace)).toEqual([kept]);
    expectProblem(await api.delete(`${path}/x`), "validation_error");
  });
});
