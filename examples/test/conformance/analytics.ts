import type {
  GetSessionScoreSummaryQuery,
  GetTraceScoreSummaryQuery,
  ListSessionScoresQuery,
  ListTraceScoresQuery,
  PandaProbe,
} from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { model, storeTrace, storeTraces } from "./samples.ts";
import type { Behaviour } from "./side.ts";

async function scored(client: PandaProbe, name: string, ...values: readonly string[]) {
  const trace_id = await storeTrace(client);
  for (const value of values) await client.createTraceScore({ trace_id, name, value });
}

export const analytics: readonly Behaviour[] = [
  {
    name: "summarizes the scores of traces by metric",
    async check(side) {
      const client = side.client();
      await scored(client, "quality", "0.1", "0.4", "0.9", "1");
      const trace_id = await storeTrace(client);
      await client.createTraceScore({ trace_id, name: "tone", value: "kind", data_type: "CATEGORICAL" });
      expect(await client.getTraceScoreSummary()).toEqual([
        {
          metric_name: "quality",
          avg_score: 0.6,
          min_score: 0.1,
          max_score: 1,
          median_score: 0.65,
          success_count: 4,
          failed_count: 0,
          pass_count: 0,
          graded_count: 0,
          not_applicable_count: 0,
          latest_score_at: expect.any(String),
        },
        {
          metric_name: "tone",
          avg_score: null,
          min_score: null,
          max_score: null,
          median_score: null,
          success_count: 1,
          failed_count: 0,
          pass_count: 0,
          graded_count: 0,
          not_applicable_count: 0,
          latest_score_at: expect.any(String),
        },
      ]);
      expect(await client.getTraceScoreSummary({ date_to: "2026-01-01" })).toEqual([]);
    },
  },
  {
    name: "shows a metric's trend and distribution",
    async check(side) {
      const client = side.client();
      await scored(client, "quality", "0.29", "0.3", "1", "0");
      const trend = await client.getTraceScoreTrend({ metric_name: "quality", granularity: "week" });
      expect(trend).toEqual([
        {
          bucket: expect.stringMatching(/T00:00:00\.000Z$/),
          metric_name: "quality",
          avg_score: 0.3975,
          count: 4,
        },
      ]);
      expect(new Date(trend[0]?.bucket ?? "").getUTCDay()).toBe(1);
      const distribution = await client.getTraceScoreDistribution({ metric_name: "quality", buckets: 10 });
      expect(distribution.map(({ count }) => count)).toEqual([1, 0, 1, 1, 0, 0, 0, 0, 0, 1]);
      expect(distribution[9]).toEqual({ bucket: 10, bucket_min: 0.9, bucket_max: 1, count: 1 });
      expect(await client.getTraceScoreDistribution({ metric_name: "nothing" })).toEqual([]);
      const crossed = client.getTraceScoreTrend({
        metric_name: "quality",
        date_from: "2026-03-01",
        date_to: "2026-03-01",
      });
      await expectRefusal(crossed, 400, "invalid_date_range");
    },
  },
  {
    name: "does the same for sessions, and shows their history and ranking",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "b" }, { session_id: "a" });
      const metric_name = "agent_reliability";
      await client.evaluateSessions({ metrics: [metric_name], model });
      const { run, scores } = await client.evaluateSessions({ metrics: [metric_name], model });
      const number = (id: string) => scores.of(id, metric_name)?.number ?? Number.NaN;
      expect(await client.getSessionScoreSummary()).toMatchObject([{ metric_name, success_count: 4 }]);
      expect(await client.getSessionScoreTrend({ metric_name, granularity: "day" })).toMatchObject([
        { count: 4 },
      ]);
      const distribution = await client.getSessionScoreDistribution({ metric_name, buckets: 4 });
      expect(distribution.reduce((sum, { count }) => sum + count, 0)).toBe(4);
      const history = await client.getSessionScoreHistory("a", { metric_name, limit: 1 });
      expect(history).toMatchObject([
        { metric_name, eval_run_id: run.id, score: number("a"), status: "SUCCESS" },
      ]);
      expect(await client.getSessionScoreHistory("a")).toHaveLength(2);
      const ranked = await client.getSessionScoreComparison({ metric_name });
      const expected = ["a", "b"]
        .map((session_id) => ({ session_id, score: number(session_id), eval_run_id: run.id }))
        .sort((one, other) => one.score - other.score);
      expect(ranked).toMatchObject({ items: expected, total: 2, limit: 20, offset: 0 });
      expect(
        (await client.getSessionScoreComparison({ metric_name, limit: 1, offset: 1 })).items,
      ).toHaveLength(1);
    },
  },
  {
    name: "filters scores by their trace and judge, and groups them",
    async check(side) {
      const client = side.client();
      const [first = "", second = "", third = ""] = await storeTraces(
        client,
        { release: "1.0", tags: ["beta", "eu"], user_id: "ann", session_id: "a", name: "Answer 100%" },
        { release: "1.1", tags: ["beta"], environment: "production", session_id: "a" },
        { name: "plan" },
      );
      for (const [trace_id, value] of [
        [first, "0.2"],
        [second, "0.6"],
        [second, "0.8"],
        [third, "1"],
      ] as const)
        await client.createTraceScore({ trace_id, name: "quality", value });
      await client.createTraceScore({ trace_id: third, name: "tone", value: "0", source: "PROGRAMMATIC" });
      const metric_name = "quality";
      const counts = async (query: GetTraceScoreSummaryQuery) =>
        (await client.getTraceScoreSummary(query)).map((row) => [row.metric_name, row.success_count]);
      expect(await counts({ release: "1.1" })).toEqual([["quality", 2]]);
      expect(await counts({ tags: ["eu", "none"] })).toEqual([["quality", 1]]);
      expect(await counts({ user_id: "ann", trace_name: "100%" })).toEqual([["quality", 1]]);
      expect(await counts({ trace_name: "_" })).toEqual([]);
      expect(await counts({ environment: "production", source: "ANNOTATION" })).toEqual([["quality", 2]]);
      expect(await counts({ source: "PROGRAMMATIC" })).toEqual([["tone", 1]]);

      const byTag = await client.getTraceScoreSummary({ group_by: "tags" });
      expect(byTag.map(({ metric_name: name, group, avg_score }) => [name, group?.value, avg_score])).toEqual(
        [
          ["quality", "beta", 1.6 / 3],
          ["quality", "eu", 0.2],
          ["quality", null, 1],
          ["tone", null, 0],
        ],
      );
      const trend = await client.getTraceScoreTrend({
        metric_name,
        group_by: "release",
        granularity: "week",
      });
      expect(trend.map(({ group, count, avg_score }) => [group, count, avg_score])).toEqual([
        [{ value: "1.0", is_other: false }, 1, 0.2],
        [{ value: "1.1", is_other: false }, 2, 0.7],
        [{ value: null, is_other: false }, 1, 1],
      ]);
      const halves = await client.getTraceScoreDistribution({
        metric_name,
        group_by: "environment",
        buckets: 2,
      });
      expect(halves.map(({ group, bucket, count }) => [group?.value, bucket, count])).toEqual([
        ["production", 1, 0],
        ["production", 2, 2],
        [null, 1, 1],
        [null, 2, 1],
      ]);
      await client.updateTrace(second, { release: "1.0" });
      expect(await counts({ release: "1.0" })).toEqual([["quality", 3]]);

      const listed = async (query: ListTraceScoresQuery) =>
        (await client.listTraceScores(query)).items.map(({ value }) => value).sort();
      expect(await listed({ release: "1.0" })).toEqual(["0.2", "0.6", "0.8"]);
      expect(await listed({ tags: ["eu"], name: "quality" })).toEqual(["0.2"]);
      expect(await listed({ model: "openai/gpt-5.4" })).toEqual([]);
      await expectRefusal(
        client.getTraceScoreSummary({ group_by: "colour" as "tags" }),
        422,
        "validation_error",
      );
      await expectRefusal(client.listTraceScores({ release: "x".repeat(256) }), 422, "validation_error");
    },
  },
  {
    name: "counts people's scores before a judge's on request",
    async check(side) {
      const client = side.client();
      const [trace_id = "", other = ""] = await storeTraces(client, { release: "1.0" }, { release: "1.0" });
      const metric_name = "quality";
      await client.createTraceScore({ trace_id, name: metric_name, value: "0.8", author_user_id: "ann" });
      for (const [id, value] of [
        [trace_id, "0.2"],
        [other, "0.6"],
      ] as const)
        await client.createTraceScore({ trace_id: id, name: metric_name, value, source: "PROGRAMMATIC" });
      const numbers = async (query: GetTraceScoreSummaryQuery) =>
        (await client.getTraceScoreSummary(query)).map(({ success_count, min_score }) => [
          success_count,
          min_score,
        ]);
      expect(await numbers({})).toEqual([[3, 0.2]]);
      expect(await numbers({ prefer: "person" })).toEqual([[2, 0.6]]);
      expect(await numbers({ prefer: "person", group_by: "release" })).toEqual([[2, 0.6]]);
      expect(
        await client.getTraceScoreTrend({ metric_name, prefer: "annotation", granularity: "week" }),
      ).toMatchObject([{ count: 2, avg_score: 0.7 }]);
      // Another answer is no longer what the person spoke of.
      await client.updateTrace(trace_id, { output: "another answer" });
      expect(await numbers({ prefer: "person" })).toEqual([[3, 0.2]]);
    },
  },
  {
    name: "adds up the scores beyond the twenty largest groups",
    async check(side) {
      const client = side.client();
      const users = Array.from({ length: 22 }, (_, n) => ({
        user_id: `user ${String(n).padStart(2, "0")}`,
        tags: [`t${n}`],
      }));
      const ids = await storeTraces(client, ...users);
      for (const trace_id of [...ids, ...ids.slice(2)])
        await client.createTraceScore({ trace_id, name: "quality", value: "0.5" });
      await client.updateTrace(ids[0] ?? "", { tags: ["t0", "t00"] });
      const rows = await client.getTraceScoreSummary({ group_by: "user_id" });
      expect(rows.map(({ group }) => group?.value)).toEqual([
        ...users.slice(2).map(({ user_id }) => user_id),
        null,
      ]);
      expect(rows.at(-1)).toMatchObject({ group: { is_other: true }, success_count: 2 });
      // The trace with two of the smallest tags counts once among the others.
      const byTag = await client.getTraceScoreSummary({ group_by: "tags" });
      expect(byTag.at(-1)).toMatchObject({ group: { value: null, is_other: true }, success_count: 2 });
    },
  },
  {
    name: "filters session scores by the session's traces and the judge, and groups them",
    async check(side) {
      const client = side.client();
      await storeTraces(
        client,
        { session_id: "a", release: "1.0", tags: ["beta"] },
        { session_id: "a", release: "1.1" },
        { session_id: "b", release: "1.1", user_id: "ann" },
      );
      const metric_name = "agent_reliability";
      const { run } = await client.evaluateSessions({ metrics: [metric_name], model });
      const groups = async (query: GetSessionScoreSummaryQuery) =>
        (await client.getSessionScoreSummary(query)).map((row) => [row.group?.value, row.success_count]);
      expect(await groups({ group_by: "release" })).toEqual([
        ["1.0", 1],
        ["1.1", 2],
      ]);
      // A session counts in the groups of its matching traces.
      expect(await groups({ group_by: "release", tags: ["beta"] })).toEqual([["1.0", 1]]);
      expect(await groups({ group_by: "model" })).toEqual([[run.model, 2]]);
      expect(await groups({ user_id: "ann", release: "1.0" })).toEqual([]);
      const sessions = async (query: ListSessionScoresQuery) =>
        (await client.listSessionScores(query)).items.map(({ session_id }) => session_id).sort();
      expect(await sessions({ release: "1.1" })).toEqual(["a", "b"]);
      expect(await sessions({ tags: ["beta"], release: "1.1" })).toEqual([]);
      expect(await sessions({ model: run.model ?? "" })).toEqual(["a", "b"]);
      expect(await sessions({ model: "openai/another" })).toEqual([]);
      const ranked = await client.getSessionScoreComparison({ metric_name, user_id: "ann" });
      expect(ranked.items.map(({ session_id }) => session_id)).toEqual(["b"]);
      expect(await client.getSessionScoreHistory("a", { model: "openai/another" })).toEqual([]);
      expect(await client.getSessionScoreHistory("a", { eval_run_id: run.id })).toHaveLength(1);
    },
  },
];
