import type { ScoreDistributionItem } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { dayMs, splitRange } from "./date-range.ts";
import { isRollupOf, isScoreOf, type ScoreSource } from "./score-source.ts";

export interface DistributionQuery {
  readonly metric_name: string;
  readonly buckets: number;
}

/**
 * Counts the successful numeric scores of a metric in `buckets` equal parts of [0, 1]; empty without scores. A value on a
 * bound, compared as an exact decimal, belongs to the part that begins there; 1 belongs to the last part.
 */
export async function scoreDistribution(
  db: Database,
  source: ScoreSource,
  { metric_name: metricName, buckets }: DistributionQuery,
): Promise<ScoreDistributionItem[]> {
  const { whole, edges } = splitRange(source.range, dayMs);
  const ends = edges.map(
    (edge) => sql`
      union all
      select score_number(data_type, status, value, applicable), 1 from ${sql.table(source.target.table)}
      where ${isScoreOf(source, edge)} and name = ${metricName}`,
  );
  const { rows } = await sql<{ bucket: number; count: number }>`
    select least(floor(value * ${buckets}::integer), ${buckets - 1}::integer)::integer as bucket, sum(scores) as count
    from (
      select value, scores from score_days where ${isRollupOf(source, "day", whole)} and name = ${metricName}
      union all
      select value, scores from score_deltas where ${isRollupOf(source, "hour", whole)} and name = ${metricName}
      ${sql.join(ends, sql` `)}
    ) counted
    where value <> 'NaN'
    group by 1 having sum(scores) <> 0`.execute(db);
  if (rows.length === 0) return [];
  const counts = new Map(rows.map(({ bucket, count }) => [bucket, count]));
  return Array.from({ length: buckets }, (_, index) => ({
    bucket: index + 1,
    bucket_min: index / buckets,
    bucket_max: (index + 1) / buckets,
    count: counts.get(index) ?? 0,
  }));
}
