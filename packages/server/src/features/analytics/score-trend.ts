import type { AnalyticsGranularity, ScoreTrendItem } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { hourMs, splitRange } from "./date-range.ts";
import { isInRollups, isRollupOf, isScoreOf, mean, type ScoreSource } from "./score-source.ts";
import { type Group, inGroupOrder, labelled, selectedScores, shownGroup } from "./selected-scores.ts";

export interface TrendQuery {
  readonly metric_name: string;
  readonly granularity: AnalyticsGranularity;
}

/** The mean of a metric by hour, day or week (UTC, from Monday), for those (and groups) with a successful numeric score. */
export async function scoreTrend(
  db: Database,
  source: ScoreSource,
  query: TrendQuery,
): Promise<ScoreTrendItem[]> {
  return isInRollups(source) ? trendOfRollups(db, source, query) : trendOfSelected(db, source, query);
}

async function trendOfRollups(
  db: Database,
  source: ScoreSource,
  { metric_name: metricName, granularity }: TrendQuery,
): Promise<ScoreTrendItem[]> {
  const { whole, edges } = splitRange(source.range, hourMs);
  const ends = edges.map(
    (edge) => sql`
      union all
      select created_at, 1, value::numeric from ${sql.table(source.target.table)}
      where ${isScoreOf(source, edge)} and name = ${metricName}
        and score_number(data_type, status, value, applicable) <> 'NaN'`,
  );
  const { rows } = await sql<ScoreTrendItem>`
    select date_trunc(${granularity}, hour, 'UTC') as bucket, ${metricName} as metric_name,
      ${mean(sql`sum(total)`, sql`sum(scores)`)} as avg_score, sum(scores) as count
    from (
      select hour, scores, total from score_hours
      where ${isRollupOf(source, "hour", whole)} and name = ${metricName}
      union all
      select hour, scores, value * scores from score_deltas
      where ${isRollupOf(source, "hour", whole)} and name = ${metricName} and value <> 'NaN'
      ${sql.join(ends, sql` `)}
    ) counted
    group by 1 having sum(scores) <> 0 order by 1`.execute(db);
  return rows;
}

async function trendOfSelected(
  db: Database,
  source: ScoreSource,
  { metric_name, granularity }: TrendQuery,
): Promise<ScoreTrendItem[]> {
  const { rows } = await sql<Omit<ScoreTrendItem, "metric_name"> & Group>`
    with ${selectedScores(source, metric_name)}, counted as (
      select date_trunc(${granularity}, created_at, 'UTC') as bucket, groups, count(*) as scores, sum(number) as total
      from selected where number is not null group by 1, 2
    ), ${labelled}
    select bucket, label, is_other, ${mean(sql`sum(total)`, sql`sum(scores)`)} as avg_score, sum(scores) as count
    from labelled group by bucket, label, is_other order by bucket, ${inGroupOrder}`.execute(db);
  return rows.map(({ bucket, label, is_other, ...figures }) => ({
    bucket,
    metric_name,
    ...shownGroup(source, { label, is_other }),
    ...figures,
  }));
}
