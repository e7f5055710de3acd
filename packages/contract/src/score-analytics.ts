import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { dateTime, timestamp } from "./common/dates.ts";
import { AnalyticsGranularity, ScoreGroupBy, ScoreStatus, SortOrder } from "./common/enums.ts";
import { sessionId, uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { queryInteger } from "./common/query.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { prefer, scorerFilters, traceFieldFilters } from "./score-filters.ts";

export const ScoreGroup = z
  .object({
    value: z
      .string()
      .nullable()
      .describe("`null`: the scores without a value, or those of all other groups."),
    is_other: z
      .boolean()
      .describe(`\`true\`: all groups except the ${limits.scoreGroups} with the most scores, together.`),
  })
  .meta({
    id: "ScoreGroup",
    description: "The scores that a row is about. Only with `group_by`.",
    examples: [{ value: "2.4.1", is_other: false }],
  });
export type ScoreGroup = z.infer<typeof ScoreGroup>;

export const ScoreSummaryItem = z
  .object({
    metric_name: z.string(),
    group: ScoreGroup.optional(),
    avg_score: z.number().nullable().describe("`null` if no NUMERIC score succeeded."),
    min_score: z.number().nullable(),
    max_score: z.number().nullable(),
    median_score: z
      .number()
      .nullable()
      .describe("Exact. For an even number of scores, the mean of the middle two."),
    success_count: z.int().describe("Successful scores with this name, of any data type."),
    failed_count: z.int().describe("Failed scores with this name."),
    pass_count: z.int().describe("Graded scores that reached their threshold."),
    graded_count: z
      .int()
      .describe("Applicable scores with a threshold. `pass_count / graded_count` is the pass rate."),
    not_applicable_count: z
      .int()
      .describe("Scores that had nothing to judge. Of all figures, only `success_count` includes them."),
    latest_score_at: timestamp
      .nullable()
      .describe("When the newest score with this name was created, with any status."),
  })
  .meta({
    id: "ScoreSummaryItem",
    examples: [
      {
        metric_name: "task_completion",
        avg_score: 0.82,
        min_score: 0.15,
        max_score: 1,
        median_score: 0.87,
        success_count: 145,
        failed_count: 5,
        pass_count: 118,
        graded_count: 140,
        not_applicable_count: 5,
        latest_score_at: "2026-03-29T09:30:00.000Z",
      },
    ],
  });
export type ScoreSummaryItem = z.infer<typeof ScoreSummaryItem>;

export const ScoreTrendItem = z
  .object({
    bucket: timestamp.nullable().describe("When the hour, day or week begins."),
    metric_name: z.string(),
    group: ScoreGroup.optional(),
    avg_score: z.number(),
    count: z.int().describe("The number of scores in the mean."),
  })
  .meta({
    id: "ScoreTrendItem",
    examples: [
      { bucket: "2026-03-29T00:00:00.000Z", metric_name: "task_completion", avg_score: 0.82, count: 145 },
    ],
  });
export type ScoreTrendItem = z.infer<typeof ScoreTrendItem>;

export const ScoreDistributionItem = z
  .object({
    group: ScoreGroup.optional(),
    bucket: z.int().describe("The number of the bucket, from 1."),
    bucket_min: z.number().describe("Inclusive."),
    bucket_max: z.number().describe("Exclusive, except in the last bucket, which includes 1."),
    count: z.int(),
  })
  .meta({
    id: "ScoreDistributionItem",
    examples: [{ bucket: 9, bucket_min: 0.8, bucket_max: 0.9, count: 61 }],
  });
export type ScoreDistributionItem = z.infer<typeof ScoreDistributionItem>;

export const SessionScoreHistoryItem = z
  .object({
    metric_name: z.string(),
    score: z
      .number()
      .nullable()
      .describe("`null` if the score failed, is not applicable, or is not NUMERIC."),
    eval_run_id: uuid.nullable().describe("The run that created it. `null` once that run is deleted."),
    created_at: timestamp.nullable(),
    status: ScoreStatus,
  })
  .meta({
    id: "SessionScoreHistoryItem",
    examples: [
      {
        metric_name: "agent_reliability",
        score: 0.74,
        eval_run_id: "33333333-3333-3333-3333-333333333333",
        created_at: "2026-03-29T09:30:00.000Z",
        status: "SUCCESS",
      },
    ],
  });
export type SessionScoreHistoryItem = z.infer<typeof SessionScoreHistoryItem>;

export const SessionComparisonItem = z
  .object({
    session_id: z.string(),
    score: z.number().nullable(),
    evaluated_at: timestamp.nullable(),
    eval_run_id: uuid.nullable().describe("The run that created it. `null` once that run is deleted."),
  })
  .meta({
    id: "SessionComparisonItem",
    examples: [
      {
        session_id: "support/4711",
        score: 0.31,
        evaluated_at: "2026-03-29T09:30:00.000Z",
        eval_run_id: "33333333-3333-3333-3333-333333333333",
      },
    ],
  });
export type SessionComparisonItem = z.infer<typeof SessionComparisonItem>;

export const SessionComparisonPage = page("SessionComparisonPage", SessionComparisonItem);
export type SessionComparisonPage = z.infer<typeof SessionComparisonPage>;

const metricName = text(1, 255).meta({
  description: "The name of the metric, or your own label.",
  example: "task_completion",
});
const dates = {
  date_from: dateTime.optional().describe("Scores created at or after this time."),
  date_to: dateTime.optional().describe("Scores created before this time."),
};
const filters = { ...scorerFilters, ...traceFieldFilters, prefer };
const selection = {
  ...dates,
  ...filters,
  group_by: ScoreGroupBy.optional().describe(
    `Gives rows for each value of this: the ${limits.scoreGroups} with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge.`,
  ),
};
const summaryQuery = dateRange(z.object(selection));
const trendQuery = dateRange(
  z.object({
    metric_name: metricName,
    ...selection,
    granularity: AnalyticsGranularity.default("day"),
  }),
);
const distributionQuery = dateRange(
  z.object({
    metric_name: metricName,
    ...selection,
    buckets: queryInteger({ min: 1, max: 100 })
      .default(10)
      .meta({ default: 10, description: "How many buckets of equal width, 1 to 100. Default: 10." }),
  }),
);

const reads = { tag: "Analytics", scope: "read", errors: [] } as const satisfies RouteMetadata;
const readsRange = { ...reads, errors: ["invalid_date_range"] } as const satisfies RouteMetadata;

const summaryDescription = `One row per name, in alphabetical order: at most the first ${limits.summaryRows}. Mean, minimum, maximum and median cover successful NUMERIC scores. The counts cover all scores with the name. With \`group_by\`, a row per name and group.`;
const trendDescription =
  "The mean of the successful NUMERIC scores per hour, day or week in UTC (weeks begin on Monday), in chronological order. Buckets without scores are left out. With `group_by`, a row per bucket and group.";
const distributionDescription =
  "The number of successful NUMERIC scores in each bucket of [0, 1], including empty buckets. A value on a boundary, in exact decimal, belongs to the upper bucket, and 1 to the last one. Without scores the list is empty. With `group_by`, all buckets of one group after the other.";

export const scoreAnalytics = c.router({
  getTraceScoreSummary: {
    method: "GET",
    path: "/evaluations/analytics/trace-scores/summary",
    summary: "Summarize trace scores by metric",
    description: summaryDescription,
    metadata: readsRange,
    query: summaryQuery,
    responses: { 200: z.array(ScoreSummaryItem) },
  },
  getTraceScoreTrend: {
    method: "GET",
    path: "/evaluations/analytics/trace-scores/trend",
    summary: "Follow a metric of traces over time",
    description: trendDescription,
    metadata: readsRange,
    query: trendQuery,
    responses: { 200: z.array(ScoreTrendItem) },
  },
  getTraceScoreDistribution: {
    method: "GET",
    path: "/evaluations/analytics/trace-scores/distribution",
    summary: "Get the histogram of a metric of traces",
    description: distributionDescription,
    metadata: readsRange,
    query: distributionQuery,
    responses: { 200: z.array(ScoreDistributionItem) },
  },
  getSessionScoreSummary: {
    method: "GET",
    path: "/evaluations/analytics/session-scores/summary",
    summary: "Summarize session scores by metric",
    description: summaryDescription,
    metadata: readsRange,
    query: summaryQuery,
    responses: { 200: z.array(ScoreSummaryItem) },
  },
  getSessionScoreTrend: {
    method: "GET",
    path: "/evaluations/analytics/session-scores/trend",
    summary: "Follow a metric of sessions over time",
    description: trendDescription,
    metadata: readsRange,
    query: trendQuery,
    responses: { 200: z.array(ScoreTrendItem) },
  },
  getSessionScoreDistribution: {
    method: "GET",
    path: "/evaluations/analytics/session-scores/distribution",
    summary: "Get the histogram of a metric of sessions",
    description: distributionDescription,
    metadata: readsRange,
    query: distributionQuery,
    responses: { 200: z.array(ScoreDistributionItem) },
  },
  getSessionScoreHistory: {
    method: "GET",
    path: "/evaluations/analytics/session-scores/history/:session_id",
    summary: "Get a session's scores over time",
    description:
      "The newest scores of the session, with any status, oldest first. An unknown session has an empty list.",
    metadata: reads,
    pathParams: z.object({ session_id: sessionId }),
    query: z.object({
      metric_name: metricName.optional(),
      ...scorerFilters,
      prefer,
      limit: paging().limit.meta({
        default: 50,
        description: "How many of the newest scores, 1 to 200. Default: 50.",
      }),
    }),
    responses: { 200: z.array(SessionScoreHistoryItem) },
  },
  getSessionScoreComparison: {
    method: "GET",
    path: "/evaluations/analytics/session-scores/comparison",
    summary: "Rank sessions by a metric",
    description:
      "The newest successful NUMERIC score of each session, sorted by value, lowest first unless `sort_order` is given. Equal scores are sorted by session id.",
    metadata: reads,
    query: z.object({
      metric_name: metricName,
      ...filters,
      sort_order: SortOrder.default("asc"),
      ...paging({ default: 20, max: 100 }),
    }),
    responses: { 200: SessionComparisonPage },
  },
});
