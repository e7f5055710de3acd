import { beforeAll, describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { spanBody, storeTraces, traceBody } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { queryText } from "./support/query-text.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const march = { started_after: "2026-03-01", started_before: "2026-04-01" };

async function analytics(api: ApiClient, query: Record<string, string>): Promise<Record<string, unknown>[]> {
  const pairs = Object.entries({ ...march, ...query });
  const { status, body } = await api.get<Record<string, unknown>[]>(`/traces/analytics?${queryText(pairs)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** A trace that starts at this time in 2026, and takes this many milliseconds. */
function trace(start: string, ms: number | null, fields: object = {}) {
  const started_at = `2026-${start}Z`;
  const ended_at = ms === null ? null : new Date(Date.parse(started_at) + ms).toISOString();
  return traceBody({ started_at, ended_at, ...fields });
}

describe("counts and latencies", () => {
  let api: ApiClient;
  beforeAll(async () => {
    api = server.project();
    await storeTraces(api, [
      trace("02-28T23:59:59.999", 1),
      trace("03-01T00:00:00", 100),
      trace("03-01T00:59:59.999", 200, { status: "ERROR" }),
      trace("03-01T01:00:00", 400),
      trace("03-01T23:59:59.999", null, { status: "RUNNING" }),
      trace("03-02T00:00:00", null, { status: "ERROR" }),
      trace("03-09T12:00:00", 10, { started_at: "2026-03-09T14:00:00+02:00" }),
      trace("03-31T23:59:59.999", 5),
      trace("04-01T00:00:00", 5),
    ]);
  });

  test.each(["volume", "errors", "latency"])("by day, for %s", async (metric) => {
    const days = await analytics(api, { metric });
    const [first, second] = days;
    expect(days.map(({ bucket }) => bucket)).toEqual(
      ["01", "02", "09", "31"].map((day) => `2026-03-${day}T00:00:00.000Z`),
    );
    expect(first).toEqual({
      bucket: "2026-03-01T00:00:00.000Z",
      trace_count: 4,
      error_count: 1,
      avg_latency_ms: 700 / 3,
      p50_latency_ms: 200,
      p90_latency_ms: 360,
      p99_latency_ms: 396,
    });
    expect(second).toEqual({
      bucket: "2026-03-02T00:00:00.000Z",
      trace_count: 1,
      error_count: 1,
      avg_latency_ms: null,
      p50_latency_ms: null,
      p90_latency_ms: null,
      p99_latency_ms: null,
    });
  });

  test("by day and volume by default", async () => {
    expect(await analytics(api, {})).toEqual(await analytics(api, { metric: "volume", granularity: "day" }));
  });

  test("by hour", async () => {
    const hours = await analytics(api, { granularity: "hour", started_before: "2026-03-02" });
    expect(hours.map(({ bucket, trace_count }) => [bucket, trace_count])).toEqual([
      ["2026-03-01T00:00:00.000Z", 2],
      ["2026-03-01T01:00:00.000Z", 1],
      ["2026-03-01T23:00:00.000Z", 1],
    ]);
  });

  test("by week, from Monday, in UTC", async () => {
    const weeks = await analytics(api, { granularity: "week" });
    expect(weeks.map(({ bucket, trace_count }) => [bucket, trace_count])).toEqual([
      ["2026-02-23T00:00:00.000Z", 4],
      ["2026-03-02T00:00:00.000Z", 1],
      ["2026-03-09T00:00:00.000Z", 1],
      ["2026-03-30T00:00:00.000Z", 1],
    ]);
  });

  test("of a period that includes its start and excludes its end", async () => {
    const query = { started_after: "2026-03-01T00:00:00.000Z", started_before: "2026-03-01T00:59:59.999Z" };
    expect(await analytics(api, query)).toMatchObject([{ trace_count: 1 }]);
    expect(await analytics(api, { started_after: "2027-01-01", started_before: "2028-01-01" })).toEqual([]);
  });

  test("of the longest period", async () => {
    const other = server.project();
    await storeTraces(other, [
      { started_at: "0001-01-01", ended_at: "9999-12-31T23:59:59.999Z" },
      { started_at: "9999-12-31T23:59:59Z", ended_at: "0001-01-01" },
    ]);
    for (const granularity of ["hour", "day", "week"])
      expect(
        await analytics(other, {
          granularity,
          started_after: "0001-01-01",
          started_before: "9999-12-31T23:59:59.999Z",
        }),
      ).toHaveLength(2);
  });
});

describe("tokens, costs and models", () => {
  let api: ApiClient;
  beforeAll(async () => {
    api = server.project();
    const used = (model: string | null, token_usage: object | null, total: number) =>
      spanBody({ model, token_usage, cost: { total } });
    await storeTraces(api, [
      trace("03-01T10:00:00", 1, {
        spans: [
          used("a", { prompt_tokens: 10, completion_tokens: 5 }, 0.5),
          used("b", { input_tokens: 1, output_tokens: 2, total_tokens: 99 }, 0.25),
          used(null, { total_tokens: 7 }, 0),
          used("", null, 0),
        ],
      }),
      trace("03-01T11:00:00", 1, { spans: [used("b", { prompt_tokens: "x" }, 0.25)] }),
      trace("03-02T00:00:00", 1),
      trace("04-01T00:00:00", 1, { spans: [used("c", { prompt_tokens: 1 }, 1)] }),
    ]);
  });

  test.each(["cost", "tokens"])("by day, for %s", async (metric) => {
    const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`;
    expect(await analytics(api, { metric })).toEqual([
      {
        bucket: day(1),
        total_tokens: 25,
        prompt_tokens: 11,
        completion_tokens: 7,
        total_cost: 1,
        unpriced_spans: 0,
      },
      {
        bucket: day(2),
        total_tokens: 0,
        prompt_tokens: 0,
        completion_tokens: 0,
        total_cost: 0,
        unpriced_spans: 0,
      },
    ]);
  });

  test("models, the most called first", async () => {
    expect(await analytics(api, { metric: "models" })).toEqual([
      { model: "b", call_count: 2, total_tokens: 3, total_cost: 0.5, unpriced_spans: 0 },
      { model: "a", call_count: 1, total_tokens: 15, total_cost: 0.5, unpriced_spans: 0 },
    ]);
  });

  test("at most 100 models, those with the same count by name", async () => {
    const other = server.project();
    const model = (n: number) => `m${String(n).padStart(3, "0")}`;
    await storeTraces(other, [
      {
        started_at: "2026-03-05",
        spans: Array.from({ length: 120 }, (_, n) => spanBody({ model: model(119 - n) })),
      },
    ]);
    const models = await analytics(other, { metric: "models" });
    expect(models.map((row) => row["model"])).toEqual(Array.from({ length: 100 }, (_, n) => model(n)));
  });

  test("huge ones stay numbers", async () => {
    const other = server.project();
    const absurd = spanBody({
      model: "m",
      token_usage: { prompt_tokens: 1e300, completion_tokens: -1e300, output_tokens: 5 },
      cost: { total: 1e308 },
    });
    await storeTraces(other, [{ spans: [absurd, absurd, absurd] }]);
    const [bucket] = await analytics(other, { metric: "tokens" });
    expect(bucket).toMatchObject({ prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: 0 });
    expect(Number.isFinite(bucket?.["total_cost"])).toBe(true);
    expect(await analytics(other, { metric: "models" })).toMatchObject([{ call_count: 3 }]);
  });

  test("follow changes", async () => {
    const other = server.project();
    const span_id = crypto.randomUUID();
    const [id = ""] = await storeTraces(other, [
      { spans: [spanBody({ span_id, token_usage: { prompt_tokens: 1 } })] },
    ]);
    await other.patch(`/traces/${id}/spans/${span_id}`, { token_usage: { completion_tokens: 4 } });
    expect(await analytics(other, { metric: "tokens" })).toMatchObject([
      { total_tokens: 4, prompt_tokens: 0, completion_tokens: 4 },
    ]);
    await other.delete(`/traces/${id}`);
    expect(await analytics(other, { metric: "tokens" })).toEqual([]);
  });
});

describe("an invalid query", () => {
  test.each([
    ["metric=speed", "validation_error"],
    ["granularity=month", "validation_error"],
    ["started_after=soon", "validation_error"],
    ["metric=volume&metric=cost", "validation_error"],
    ["started_after=2026-04-01", "invalid_date_range"],
    ["started_after=2026-05-01", "invalid_date_range"],
    ["started_after=2026-04-01T02:00:00%2B02:00", "invalid_date_range"],
  ] as const)("%s is refused", async (query, code) => {
    const pairs = Object.entries(march).filter(([name]) => !query.startsWith(name));
    for (const path of query.startsWith("metric") ? ["/traces"] : ["/traces", "/sessions"])
      expectProblem(await server.project().get(`${path}/analytics?${queryText(pairs)}&${query}`), code);
  });

  test.each(["started_after", "started_before"])("without %s is refused", async (name) => {
    const pairs = Object.entries(march).filter(([other]) => other !== name);
    for (const path of ["/traces", "/sessions"])
      expectProblem(await server.project().get(`${path}/analytics?${queryText(pairs)}`), "validation_error", {
        loc: ["query", name],
      });
  });
});

describe("GET /traces/users", () => {
  test("sums up users, the most recently seen first", async () => {
    const api = server.project();
    await storeTraces(api, [
      trace("03-01T00:00:00", 1, { user_id: "b" }),
      trace("03-03T00:00:00", 1, { user_id: "b", status: "ERROR" }),
      trace("03-02T00:00:00", 1, { user_id: "b" }),
      trace("03-03T00:00:00", 1, { user_id: "a" }),
      trace("03-04T00:00:00", 1, { user_id: "会" }),
      trace("03-05T00:00:00", 1),
    ]);
    const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`;
    const users = [
      { user_id: "会", trace_count: 1, first_seen: day(4), last_seen: day(4), error_count: 0 },
      { user_id: "a", trace_count: 1, first_seen: day(3), last_seen: day(3), error_count: 0 },
      { user_id: "b", trace_count: 3, first_seen: day(1), last_seen: day(3), error_count: 1 },
    ];
    expect((await api.get("/traces/users")).body).toEqual({
      items: users,
      total: 3,
      limit: 50,
      offset: 0,
      next_cursor: null,
    });
    expect((await api.get("/traces/users?limit=1&offset=1")).body).toMatchObject({
      items: [users[1]],
      total: 3,
      limit: 1,
      offset: 1,
    });
    expect((await api.get("/traces/users?offset=9")).body).toMatchObject({ items: [], total: 3 });
  });

  test.each(["limit=0", "limit=201", "limit=x", "offset=-1"])("refuses %s", async (query) => {
    expectProblem(await server.project().get(`/traces/users?${query}`), "validation_error");
  });
});
