import type { PandaProbe } from "@pandaprobe/sdk";
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
];
