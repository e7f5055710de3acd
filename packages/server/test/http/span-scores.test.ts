import type { SpanScorePage, SpanScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { spanBody, storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, createSessionScore, createSpanScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/span-scores";

async function withSpan() {
  const api = server.project();
  const span = crypto.randomUUID();
  const trace = await storeTrace(api, { session_id: "s", spans: [spanBody({ span_id: span })] });
  return { api, trace, span };
}

async function list(api: ApiClient, query: Readonly<Record<string, string>> = {}): Promise<SpanScorePage> {
  const { status, body } = await api.get<SpanScorePage>(`${path}?${new URLSearchParams(query)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe("scores of spans", () => {
  test("are stored as they were given, with one reply for each Idempotency-Key", async () => {
    const { api, trace, span } = await withSpan();
    const body = {
      trace_id: trace,
      span_id: span,
      name: "right_tool",
      value: "FALSE",
      data_type: "BOOLEAN",
      reason: "It searched flights.",
      author_user_id: "ann",
      metadata: { ticket: 7 },
    };
    const key = { "idempotency-key": "once" };
    const first = await api.post<SpanScoreResponse>(path, body, key);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...body, value: "false", source: "ANNOTATION" });
    expect((await api.post(path, body, key)).body).toEqual(first.body);
    expect(await list(api)).toMatchObject({ items: [first.body], total: 1 });
    expect((await api.get(`${path}/${first.body.id}`)).body).toEqual(first.body);
    await api.delete(`/traces/${trace}`);
    expectProblem(await api.post(path, body, key), "not_found");
    expect(await database.run("select from span_scores where trace_id = $1", [trace])).toEqual([]);
  });

  test("are listed newest first, in pages that large scores do not break", async () => {
    const { api, trace, span } = await withSpan();
    const reason = "x".repeat(400_000);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await createSpanScore(api, trace, span, { reason })).id);
    const pageOf = async (limit: string, offset: string) =>
      (await list(api, { limit, offset })).items.map(({ id }) => id);
    expect(await pageOf("5", "0")).toEqual(ids);
    expect(await pageOf("2", "1")).toEqual(ids.slice(1, 3));
  });

  test("are in no list or figure of traces and sessions", async () => {
    const { api, trace, span } = await withSpan();
    await createSpanScore(api, trace, span, { author_user_id: "ann" });
    for (const of of ["trace", "session"]) {
      expect((await api.get(`/evaluations/${of}-scores?prefer=person`)).body).toMatchObject({ total: 0 });
      expect((await api.get(`/evaluations/analytics/${of}-scores/summary`)).body).toEqual([]);
    }
  });

  test("survive when their trace is sent again", async () => {
    const { api, trace, span } = await withSpan();
    const score = await createSpanScore(api, trace, span);
    await storeTrace(api, { trace_id: trace, spans: [spanBody({ span_id: span, output: "late" })] });
    expect((await list(api)).items).toEqual([score]);
  });

  test.each([
    [{ value: "1.5" }, "value"],
    [{ name: "x".repeat(256) }, "name"],
    [{ source: "AUTOMATED" }, "source"],
    [{ author_user_id: "x".repeat(256) }, "author_user_id"],
    [{ span_id: "s" }, "span_id"],
  ])("are refused with %j", async (fields, field) => {
    const { api, trace, span } = await withSpan();
    const body = { trace_id: trace, span_id: span, name: "quality", value: "1", ...fields };
    expectProblem(await api.post(path, body), "validation_error", { loc: ["body", field] });
  });

  test("are refused for another trace's span", async () => {
    const { api, span } = await withSpan();
    const other = await storeTrace(api);
    const body = { trace_id: other, span_id: span, name: "quality", value: "1" };
    expectProblem(await api.post(path, body), "not_found", { detail: /span/ });
  });

  test("follow their threshold when a person changes them", async () => {
    const { api, trace, span } = await withSpan();
    const metadata = { threshold: 0.5, success: true };
    const { id } = await createSpanScore(api, trace, span, { source: "PROGRAMMATIC", metadata });
    const { body } = await api.patch<SpanScoreResponse>(`${path}/${id}`, { value: "0.25" });
    expect(body).toMatchObject({ source: "ANNOTATION", metadata: { threshold: 0.5, success: false } });
    expectProblem(await api.patch(`${path}/${id}`, { value: "2" }), "validation_error");
    expectProblem(await api.patch(`${path}/${unknownId}`, { value: "1" }), "not_found");
  });
});

// Otherwise the score or its stored reply could outlive what it is about.
test.each([
  ["span", (api: ApiClient, trace: string, span: string) => createSpanScore(api, trace, span)],
  ["session", (api: ApiClient) => createSessionScore(api, "s")],
  ["trace", (api: ApiClient, trace: string) => createScore(api, trace)],
])("a score of a %s waits while its trace is being deleted", async (_, create) => {
  const { api, trace, span } = await withSpan();
  const deletion = await database.hold("select from traces where trace_id = $1 for update", [trace]);
  let isStored = false;
  const creation = create(api, trace, span).then(() => {
    isStored = true;
  });
  await waitUntil(async () => {
    const waiting = await database.run(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return waiting.length === 1;
  });
  expect(isStored).toBe(false);
  await deletion.rollback();
  await creation;
});
