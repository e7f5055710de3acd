import { z } from "zod";
import { analyticsPeriod, bucketStart } from "./common/analytics-period.ts";
import { costTotals } from "./common/cost-totals.ts";
import { timestamp } from "./common/dates.ts";
import { AnalyticsMetric } from "./common/enums.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { cursorPage, cursorPaging } from "./common/paging.ts";
import { c } from "./common/router.ts";

const latency = (what: string) => z.number().nullable().describe(`${what} of the traces that have ended.`);

export const AnalyticsBucket = z
  .object({
    bucket: bucketStart,
    trace_count: z.int(),
    error_count: z.int().describe("Traces with status ERROR."),
    avg_latency_ms: latency("The mean"),
    p50_latency_ms: latency("The median, exact,"),
    p90_latency_ms: latency("The 90th percentile, exact,"),
    p99_latency_ms: latency("The 99th percentile, exact,"),
  })
  .meta({ id: "AnalyticsBucket", description: "The traces that started in one bucket." });
export type AnalyticsBucket = z.infer<typeof AnalyticsBucket>;

export const TokenCostBucket = z
  .object({
    bucket: bucketStart,
    total_tokens: z.int(),
    prompt_tokens: z.int().describe("Prompt or input tokens of the spans."),
    completion_tokens: z.int().describe("Completion or output tokens of the spans."),
    ...costTotals,
  })
  .meta({ id: "TokenCostBucket", description: "Tokens and cost of the traces that started in one bucket." });
export type TokenCostBucket = z.infer<typeof TokenCostBucket>;

export const TopModel = z
  .object({
    model: z.string(),
    call_count: z.int().describe("Spans with this model."),
    total_tokens: z.int(),
    ...costTotals,
  })
  .meta({ id: "TopModel" });
export type TopModel = z.infer<typeof TopModel>;

export const UserSummary = z
  .object({
    user_id: z.string(),
    trace_count: z.int(),
    first_seen: timestamp.describe("When their first trace started."),
    last_seen: timestamp.describe("When their last trace started."),
    error_count: z.int().describe("Their traces with status ERROR."),
  })
  .meta({ id: "UserSummary" });
export type UserSummary = z.infer<typeof UserSummary>;

export const UserPage = cursorPage("UserPage", UserSummary);
export type UserPage = z.infer<typeof UserPage>;

const reads = { tag: "Traces", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const traceAnalytics = c.router({
  getTraceAnalytics: {
    method: "GET",
    path: "/traces/analytics",
    summary: "Get statistics of traces",
    description:
      "`volume`, `errors` and `latency` return the same buckets of counts and latencies. `cost` and `tokens` return buckets of usage. `models` returns the 100 most-called models. Traces count by their start time. Buckets are in ascending order.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: analyticsPeriod({ metric: AnalyticsMetric.default("volume") }),
    responses: { 200: z.union([z.array(AnalyticsBucket), z.array(TokenCostBucket), z.array(TopModel)]) },
  },
  listTraceUsers: {
    method: "GET",
    path: "/traces/users",
    summary: "List users",
    description: "All users of traces, most recently seen first.",
    metadata: reads,
    query: z.object(cursorPaging()),
    responses: { 200: UserPage },
  },
});
