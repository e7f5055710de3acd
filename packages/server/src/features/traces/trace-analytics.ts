import type {
  AnalyticsBucket,
  AnalyticsGranularity,
  AnalyticsMetric,
  TokenCostBucket,
  TopModel,
} from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { cappedTokens, latencyMs, unpricedSpans } from "./read-traces.ts";

/** A period in buckets; its end is excluded. */
export interface AnalyticsPeriod {
  readonly granularity: AnalyticsGranularity;
  readonly started_after: string;
  readonly started_before: string;
}

/** The start of the bucket that the time in this column falls into, in UTC. Weeks begin on Monday. */
export function bucketOf(granularity: AnalyticsGranularity, column: string) {
  return sql<string>`date_trunc(${sql.lit(granularity)}, ${sql.ref(column)}, 'UTC')`;
}

type Analytics = AnalyticsBucket[] | TokenCostBucket[] | TopModel[];

/** The query for each metric. The index `traces_by_start` finds the traces of the period. */
const analyticsOf = {
  volume: latencyBuckets,
  errors: latencyBuckets,
  latency: latencyBuckets,
  cost: usageBuckets,
  tokens: usageBuckets,
  models: topModels,
} as const satisfies Record<
  AnalyticsMetric,
  (db: Database, projectId: string, period: AnalyticsPeriod) => Promise<Analytics>
>;

const mostModels = 100;

export async function traceAnalytics(
  db: Database,
  projectId: string,
  { metric, ...period }: AnalyticsPeriod & { readonly metric: AnalyticsMetric },
): Promise<Analytics> {
  return analyticsOf[metric](db, projectId, period);
}

async function latencyBuckets(
  db: Database,
  projectId: string,
  period: AnalyticsPeriod,
): Promise<AnalyticsBucket[]> {
  const percentile = (fraction: number) =>
    sql<number | null>`percentile_cont(${sql.lit(fraction)}) within group (order by ${latencyMs})`;
  return tracesOf(db, projectId, period)
    .select([
      bucketOf(period.granularity, "traces.started_at").as("bucket"),
      sql<number>`count(*)`.as("trace_count"),
      sql<number>`count(*) filter (where status = 'ERROR')`.as("error_count"),
      sql<number | null>`avg(${latencyMs})`.as("avg_latency_ms"),
      percentile(0.5).as("p50_latency_ms"),
      percentile(0.9).as("p90_latency_ms"),
      percentile(0.99).as("p99_latency_ms"),
    ])
    .groupBy("bucket")
    .orderBy("bucket")
    .execute();
}

async function usageBuckets(
  db: Database,
  projectId: string,
  period: AnalyticsPeriod,
): Promise<TokenCostBucket[]> {
  const sum = (column: "total_tokens" | "prompt_tokens" | "completion_tokens" | "total_cost") =>
    sql<number>`coalesce(sum(spans.${sql.ref(column)}), 0)`.as(column);
  const rows = await tracesOf(db, projectId, period)
    .leftJoin("spans", (join) =>
      join
        .onRef("spans.project_id", "=", "traces.project_id")
        .onRef("spans.trace_id", "=", "traces.trace_id"),
    )
    .select([
      bucketOf(period.granularity, "traces.started_at").as("bucket"),
      sum("total_tokens"),
      sum("prompt_tokens"),
      sum("completion_tokens"),
      sum("total_cost"),
      unpricedSpans.as("unpriced_spans"),
    ])
    .groupBy("bucket")
    .orderBy("bucket")
    .execute();
  return rows.map((row) => ({
    ...row,
    total_tokens: cappedTokens(row.total_tokens),
    prompt_tokens: cappedTokens(row.prompt_tokens),
    completion_tokens: cappedTokens(row.completion_tokens),
  }));
}

async function topModels(db: Database, projectId: string, period: AnalyticsPeriod): Promise<TopModel[]> {
  const rows = await tracesOf(db, projectId, period)
    .innerJoin("spans", (join) =>
      join
        .onRef("spans.project_id", "=", "traces.project_id")
        .onRef("spans.trace_id", "=", "traces.trace_id"),
    )
    .where("model", "<>", "")
    .select([
      sql<string>`model`.as("model"),
      sql<number>`count(*)`.as("call_count"),
      sql<number>`sum(total_tokens)`.as("total_tokens"),
      sql<number>`sum(total_cost)`.as("total_cost"),
      unpricedSpans.as("unpriced_spans"),
    ])
    .groupBy("model")
    .orderBy("call_count", "desc")
    .orderBy("model")
    .limit(mostModels)
    .execute();
  return rows.map((row) => ({ ...row, total_tokens: cappedTokens(row.total_tokens) }));
}

function tracesOf(db: Database, projectId: string, period: AnalyticsPeriod) {
  return db
    .selectFrom("traces")
    .where("traces.project_id", "=", projectId)
    .where("traces.started_at", ">=", period.started_after)
    .where("traces.started_at", "<", period.started_before);
}
