import type { ScoreDistributionItem, ScoreSummaryItem, ScoreTrendItem } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../../src/db/database.ts";
import type { DistributionQuery } from "../../../src/features/analytics/score-distribution.ts";
import type { ScoreSource } from "../../../src/features/analytics/score-source.ts";
import type { TrendQuery } from "../../../src/features/analytics/score-trend.ts";

/*
 * The results of analytics as plain aggregates over the scores, each from an index that covers its query. They define
 * what is exact, and what the rollups' speed is compared with.
 */

const mean = sql`round(sum(number), 40) / nullif(count(number), 0)`;

export function plainSummarySql(source: ScoreSource): RawBuilder<ScoreSummaryItem> {
  return sql<ScoreSummaryItem>`
    select name as metric_name, ${mean} as avg_score, min(number) as min_score, max(number) as max_score,
      (select sum(middle) * 0.5 from unnest(
        percentile_disc(array[0.5, 0.5000000001]) within group (order by number)) middle) as median_score,
      count(*) filter (where status = 'SUCCESS') as success_count,
      count(*) filter (where status = 'FAILED') as failed_count,
      count(*) filter (where grade = 'true') as pass_count,
      count(*) filter (where grade in ('true', 'false')) as graded_count,
      count(*) filter (where not is_applicable) as not_applicable_count,
      max(created_at) as latest_score_at
    from (${scores(source)}) scores group by name order by name`;
}

export function plainTrendSql(source: ScoreSource, query: TrendQuery): RawBuilder<ScoreTrendItem> {
  return sql<ScoreTrendItem>`
    select date_trunc(${query.granularity}, created_at, 'UTC') as bucket, ${query.metric_name} as metric_name,
      ${mean} as avg_score, count(number) as count
    from (${scores(source, query.metric_name)}) scores where number is not null group by 1 order by 1`;
}

/** Only the buckets that are not empty, numbered from 0. */
export function plainDistributionSql(
  source: ScoreSource,
  query: DistributionQuery,
): RawBuilder<{ bucket: number; count: number }> {
  const last = query.buckets - 1;
  return sql`
    select least(floor(number * ${query.buckets}::integer), ${last}::integer)::integer as bucket, count(*) as count
    from (${scores(source, query.metric_name)}) scores where number is not null group by 1`;
}

export async function plainSummary(db: Database, source: ScoreSource): Promise<ScoreSummaryItem[]> {
  return (await plainSummarySql(source).execute(db)).rows;
}

export async function plainTrend(
  db: Database,
  source: ScoreSource,
  query: TrendQuery,
): Promise<ScoreTrendItem[]> {
  return (await plainTrendSql(source, query).execute(db)).rows;
}

export async function plainDistribution(
  db: Database,
  source: ScoreSource,
  query: DistributionQuery,
): Promise<ScoreDistributionItem[]> {
  const { rows } = await plainDistributionSql(source, query).execute(db);
  const items = Array.from({ length: query.buckets }, (_, index) => ({
    bucket: index + 1,
    bucket_min: index / query.buckets,
    bucket_max: (index + 1) / query.buckets,
    count: rows.find((row) => row.bucket === index)?.count ?? 0,
  }));
  return rows.length === 0 ? [] : items;
}

function scores({ target, projectId, range }: ScoreSource, name?: string): RawBuilder<unknown> {
  return sql`
    select name, status, created_at, is_applicable,
      case when status = 'SUCCESS' and is_applicable then (metadata -> 'success')::text end as grade,
      case when data_type = 'NUMERIC' and status = 'SUCCESS' and is_applicable then value::numeric end as number
    from ${sql.table(target.table)} cross join lateral (
      select coalesce((metadata -> 'applicable')::text, '') <> 'false' as is_applicable) applicability
    where project_id = ${projectId}
      ${name === undefined ? sql`` : sql`and name = ${name}`}
      ${range.from === undefined ? sql`` : sql`and created_at >= ${range.from}`}
      ${range.to === undefined ? sql`` : sql`and created_at < ${range.to}`}
    -- Else each mention of the number would read the text anew.
    offset 0`;
}
