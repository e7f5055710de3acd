import type {
  ScoreDistributionItem,
  ScoreSummaryItem,
  ScoreTrendItem,
  TraceScorePage,
} from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { sessionTarget, traceTarget } from "../../src/features/analytics/score-source.ts";
import { insertScores, type ScoreFields } from "../analytics/support/score-table.ts";
import { connect } from "../analytics/support/use-database.ts";
import type { ApiClient } from "../support/api-client.ts";
import { readTrace, storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const analytics = "/evaluations/analytics";
let db: Database;
beforeAll(() => {
  db = connect(server.current.database.url);
});
afterAll(() => db.destroy());

async function ask<Body>(api: ApiClient, path: string, query: Record<string, string> = {}): Promise<Body> {
  const { status, body } = await api.get<Body>(`${analytics}/${path}?${new URLSearchParams(query)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe.each([
  ["trace", traceTarget],
  ["session", sessionTarget],
] as const)("analytics of %s scores", (kind, target) => {
  const path = `${kind}-scores`;

  /** A project with these scores of one trace and session. */
  async function projectWith(scores: readonly Partial<ScoreFields>[]): Promise<ApiClient> {
    const api = server.project();
    const trace = await storeTrace(api);
    const { project_id } = await readTrace(api, trace);
    const rows = scores.map((fields) => ({
      name: "quality",
      data_type: "NUMERIC" as const,
      status: "SUCCESS" as const,
      value: "0.5",
      created_at: "2026-03-04T10:30:00.000Z",
      targetId: kind === "trace" ? trace : "a session",
      runId: null,
      ...fields,
    }));
    await insertScores(db, target, project_id, rows);
    return api;
  }

  const summary = (api: ApiClient, query = {}) => ask<ScoreSummaryItem[]>(api, `${path}/summary`, query);
  const trend = (api: ApiClient, query = {}) =>
    ask<ScoreTrendItem[]>(api, `${path}/trend`, { metric_name: "quality", ...query });
  const distribution = (api: ApiClient, query = {}) =>
    ask<ScoreDistributionItem[]>(api, `${path}/distribution`, { metric_name: "quality", ...query });

  test("the summary has a row for each name, by name, whatever its scores", async () => {
    const failed = { status: "FAILED", value: null } as const;
    const api = await projectWith([
      { name: "b", value: "0.1" },
      { name: "b", value: "0.2", created_at: "2026-03-05T00:00:00.000Z" },
      { name: "b", ...failed, created_at: "2026-03-06T00:00:00.000Z" },
      { name: "b", data_type: "BOOLEAN", value: "true" },
      { name: "b", status: "PENDING", value: null },
      { name: "a", data_type: "CATEGORICAL", value: "rude" },
      { name: "c", ...failed },
      { name: "d", value: ".5" },
      { name: "d", value: "0.5" },
      { name: "d", value: "1.0" },
    ]);
    const none = { avg_score: null, min_score: null, max_score: null, median_score: null };
    const ungraded = { pass_count: 0, graded_count: 0, not_applicable_count: 0 };
    const moment = "2026-03-04T10:30:00.000Z";
    expect(await summary(api)).toEqual([
      { metric_name: "a", ...none, success_count: 1, failed_count: 0, ...ungraded, latest_score_at: moment },
      {
        metric_name: "b",
        // In floating point both would be 0.15000000000000002.
        avg_score: 0.15,
        median_score: 0.15,
        min_score: 0.1,
        max_score: 0.2,
        success_count: 3,
        failed_count: 1,
        ...ungraded,
        latest_score_at: "2026-03-06T00:00:00.000Z",
      },
      { metric_name: "c", ...none, success_count: 0, failed_count: 1, ...ungraded, latest_score_at: moment },
      {
        metric_name: "d",
        avg_score: 2 / 3,
        median_score: 0.5,
        min_score: 0.5,
        max_score: 1,
        success_count: 3,
        failed_count: 0,
        ...ungraded,
        latest_score_at: moment,
      },
    ]);
  });

  test("the summary has the first 1,000 names", async () => {
    const names = Array.from({ length: 1001 }, (_, n) => `name ${String(n).padStart(4, "0")}`);
    const api = await projectWith(names.toReversed().map((name) => ({ name })));
    const rows = await summary(api);
    expect(rows.map(({ metric_name }) => metric_name)).toEqual(names.slice(0, 1000));
  });

  test("a score with nothing to judge counts only as such", async () => {
    const graded = (value: string, success: boolean) => ({ value, metadata: { threshold: 0.5, success } });
    const notApplicable = {
      value: "1",
      metadata: { threshold: 0.5, success: true, applicable: false, note: "no_plan" },
    };
    const api = await projectWith([
      graded("0.25", false),
      graded("0.75", true),
      notApplicable,
      notApplicable,
      { ...notApplicable, name: "only" },
    ]);
    expect(await summary(api)).toMatchObject([
      { metric_name: "only", avg_score: null, max_score: null, success_count: 1, graded_count: 0 },
      {
        metric_name: "quality",
        avg_score: 0.5,
        max_score: 0.75,
        success_count: 4,
        pass_count: 1,
        graded_count: 2,
        not_applicable_count: 2,
      },
    ]);
    expect(await trend(api)).toMatchObject([{ avg_score: 0.5, count: 2 }]);
    const counts = (await distribution(api, { buckets: "4" })).map(({ count }) => count);
    expect(counts).toEqual([0, 1, 0, 1]);
  });

  test("the median of an even count is the exact mean of the middle two", async () => {
    const values = ["0", "0.12345678901234562", "0.12345678901234563", "1"];
    const api = await projectWith(values.map((value) => ({ value })));
    expect(await summary(api)).toMatchObject([{ median_score: Number("0.123456789012345625") }]);
  });

  test("the trend has UTC buckets in chronological order, without empty ones", async () => {
    const api = await projectWith([
      { value: "0.2", created_at: "2026-03-08T23:59:59.999Z" },
      { value: "0.4", created_at: "2026-03-09T00:00:00.000Z" },
      { value: "0.6", created_at: "2026-03-09T00:59:59.999Z" },
      { value: "1", created_at: "2026-03-15T12:00:00.000Z" },
      { value: null, status: "FAILED", created_at: "2026-03-12T00:00:00.000Z" },
      { value: "true", data_type: "BOOLEAN", created_at: "2026-03-13T00:00:00.000Z" },
      { value: "0", name: "another" },
    ]);
    const item = (bucket: string, avg_score: number, count: number) => ({
      bucket: `2026-03-${bucket}:00:00.000Z`,
      metric_name: "quality",
      avg_score,
      count,
    });
    const days = [item("08T00", 0.2, 1), item("09T00", 0.5, 2), item("15T00", 1, 1)];
    expect(await trend(api)).toEqual(days);
    expect(await trend(api, { granularity: "day" })).toEqual(days);
    expect(await trend(api, { granularity: "hour" })).toEqual([
      item("08T23", 0.2, 1),
      item("09T00", 0.5, 2),
      item("15T12", 1, 1),
    ]);
    // 2026-03-09 is a Monday.
    expect(await trend(api, { granularity: "week" })).toEqual([
      item("02T00", 0.2, 1),
      item("09T00", 2 / 3, 3),
    ]);
  });

  test("the distribution has every bucket, and counts a value on a bound in the upper one", async () => {
    const values = ["0", "0.05", "0.1", "0.29999999999999999999", "0.3", "0.69999", "0.7", "1", "1.0"];
    const api = await projectWith(values.map((value) => ({ value })));
    const rows = await distribution(api);
    expect(rows.map(({ bucket }) => bucket)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(rows.map(({ bucket_min }) => bucket_min)).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ]);
    expect(rows.map(({ bucket_max }) => bucket_max)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
    expect(rows.map(({ count }) => count)).toEqual([2, 1, 1, 1, 0, 0, 1, 1, 0, 2]);
    expect(await distribution(api, { buckets: "1" })).toEqual([
      { bucket: 1, bucket_min: 0, bucket_max: 1, count: 9 },
    ]);
  });

  test.each([0.07, 0.14, 0.28, 0.29, 0.55, 0.56, 0.57, 0.58])(
    "of 100 buckets, %d begins its own",
    async (value) => {
      const rows = await distribution(await projectWith([{ value: String(value) }]), { buckets: "100" });
      expect(rows).toHaveLength(100);
      expect(rows.filter(({ count }) => count > 0)).toEqual([
        expect.objectContaining({ bucket_min: value, count: 1 }),
      ]);
    },
  );

  test("without numeric scores there are no rows", async () => {
    const empty = server.project();
    expect([await summary(empty), await trend(empty), await distribution(empty)]).toEqual([[], [], []]);
    const failed = await projectWith([{ status: "FAILED", value: null }]);
    expect(await trend(failed)).toEqual([]);
    expect(await distribution(failed)).toEqual([]);
    const other = await projectWith([{}]);
    expect(await trend(other, { metric_name: "Quality" })).toEqual([]);
    expect(await distribution(other, { metric_name: "qual%" })).toEqual([]);
  });

  test("scores of other projects do not count", async () => {
    const owner = await projectWith([{}]);
    const stranger = await projectWith([{ value: "1" }]);
    expect(await summary(owner)).toMatchObject([{ max_score: 0.5, success_count: 1 }]);
    expect(await trend(owner)).toMatchObject([{ avg_score: 0.5, count: 1 }]);
    expect((await distribution(owner, { buckets: "2" })).map(({ count }) => count)).toEqual([0, 1]);
    expect(await summary(stranger)).toMatchObject([{ max_score: 1, success_count: 1 }]);
  });

  test("a range begins at date_from and ends before date_to, to the millisecond", async () => {
    const [first, second, third] = [
      "2026-03-04T10:30:00.000Z",
      "2026-03-05T10:30:00.000Z",
      "2026-03-07T10:30:00.001Z",
    ];
    const api = await projectWith([first, second, third].map((created_at) => ({ created_at })));
    const counts = async (query: Record<string, string>) => [
      (await summary(api, query))[0]?.success_count ?? 0,
      (await trend(api, query)).reduce((sum, { count }) => sum + count, 0),
      (await distribution(api, query)).reduce((sum, { count }) => sum + count, 0),
    ];
    expect(await counts({ date_from: first })).toEqual([3, 3, 3]);
    expect(await counts({ date_from: "2026-03-04T10:30:00.001Z" })).toEqual([2, 2, 2]);
    expect(await counts({ date_to: third })).toEqual([2, 2, 2]);
    expect(await counts({ date_to: "2026-03-07T10:30:00.002Z" })).toEqual([3, 3, 3]);
    expect(await counts({ date_from: second, date_to: "2026-03-05T10:30:00.001Z" })).toEqual([1, 1, 1]);
    expect(await counts({ date_from: "2026-03-05", date_to: "2026-03-07" })).toEqual([1, 1, 1]);
    expect(
      await counts({ date_from: "2026-03-05T12:30:00+02:00", date_to: "9999-12-31T23:59:59.999Z" }),
    ).toEqual([2, 2, 2]);
    expect(await counts({ date_from: "9999-12-31T23:59:59.999Z" })).toEqual([0, 0, 0]);
    expect(await counts({ date_from: "0001-01-01", date_to: "0001-01-02T00:00:00.001Z" })).toEqual([0, 0, 0]);
  });

  test.each(["summary", "trend", "distribution"])(
    "%s refuses a range that ends before it begins",
    async (endpoint) => {
      for (const [date_from, date_to] of [
        ["2026-03-02", "2026-03-01"],
        ["2026-03-01", "2026-03-01T01:00:00+01:00"],
      ] as const) {
        const query = new URLSearchParams({ metric_name: "quality", date_from, date_to });
        expectProblem(
          await server.project().get(`${analytics}/${path}/${endpoint}?${query}`),
          "invalid_date_range",
          {
            loc: ["query", "date_from"],
          },
        );
      }
    },
  );

  test.each([
    ["summary", "date_from=soon", "date_from"],
    ["summary", "date_to=", "date_to"],
    ["trend", "", "metric_name"],
    ["trend", "metric_name=", "metric_name"],
    ["trend", "metric_name=a&metric_name=b", "metric_name"],
    ["trend", "metric_name=a&granularity=month", "granularity"],
    ["trend", "metric_name=a&granularity=", "granularity"],
    ["trend", "metric_name=a&date_to=2026-13-01", "date_to"],
    ["distribution", "", "metric_name"],
    ["distribution", "metric_name=a&buckets=0", "buckets"],
    ["distribution", "metric_name=a&buckets=101", "buckets"],
    ["distribution", "metric_name=a&buckets=1.5", "buckets"],
    ["distribution", "metric_name=a&buckets=ten", "buckets"],
    ["distribution", "metric_name=a&date_from=x", "date_from"],
  ])("%s?%s is refused", async (endpoint, query, name) => {
    const answer = await server.project().get(`${analytics}/${path}/${endpoint}?${query}`);
    expectProblem(answer, "validation_error", { loc: ["query", name] });
  });
});

test("creating, correcting and deleting scores counts at once, and so does deleting their trace", async () => {
  const api = server.project();
  const [first, second] = [await storeTrace(api), await storeTrace(api)];
  const score = await createScore(api, first, { value: "0.25" });
  await createScore(api, second, { value: ".75" });
  const state = async () => (await ask<ScoreSummaryItem[]>(api, "trace-scores/summary"))[0];
  expect(await state()).toMatchObject({ avg_score: 0.5, median_score: 0.5, success_count: 2 });
  await api.patch(`/evaluations/trace-scores/${score.id}`, { value: "1" });
  expect(await state()).toMatchObject({ avg_score: 0.875, min_score: 0.75, max_score: 1 });
  await api.delete(`/traces/${second}`);
  const { items } = (await api.get<TraceScorePage>("/evaluations/trace-scores")).body;
  expect(await state()).toMatchObject({
    avg_score: 1,
    success_count: 1,
    latest_score_at: items[0]?.created_at,
  });
  await api.delete(`/evaluations/trace-scores/${score.id}`);
  expect(await ask(api, "trace-scores/summary")).toEqual([]);
  expect(await ask(api, "trace-scores/distribution", { metric_name: "quality" })).toEqual([]);
});
