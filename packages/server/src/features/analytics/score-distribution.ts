import type { ScoreDistributionItem } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { dayMs, splitRange } from "./date-range.ts";
import { isInRollups, isRollupOf, isScoreOf, type ScoreSource } from "./score-source.ts";
import { type Group, inGroupOrder, labelled, selectedScores, shownGroup } from "./selected-scores.ts";

export interface DistributionQuery {
  readonly metric_name: string;
  readonly buckets: number;
}

/**
 * Counts the successful numeric scores of a metric (and group) in `buckets` equal parts of [0, 1]; empty without scores. A
 * value on a bound, compared as an exact decimal, belongs to the part that begins there; 1 belongs to the last part.
 */
export async function scoreDistribution(
  db: Database,
  source: ScoreSource,
  query: DistributionQuery,
): Promise<ScoreDistributionItem[]> {
  const rows = await (isInRollups(source) ? countsInRollups : countsOfSelected)(db, source, query);
  const { buckets } = query;
  const groups = new Map<string, { readonly group: Group; readonly counts: Map<number, number> }>();
  for (const { label, is_other, bucket, count } of rows) {
    const key = JSON.stringify([label, is_other]);
    const known = groups.get(key) ?? { group: { label, is_other }, counts: new Map() };
    groups.set(key, known);
    known.counts.set(bucket, count);
  }
  return [...groups.values()].flatMap(({ group, counts }) =>
    Array.from({ length: buckets }, (_, index) => ({
      ...shownGroup(source, group),
      bucket: index + 1,
      bucket_min: index / buckets,
      bucket_max: (index + 1) / buckets,
      count: counts.get(index) ?? 0,
    })),
  );
}

/** The count of a bucket, which is numbered from 0, and is not empty. */
interface BucketCount extends Group {
  readonly bucket: number;
  readonly count: number;
}

async function countsInRollups(
  db: Database,
  source: ScoreSource,
  { metric_name: metricName, buckets }: DistributionQuery,
): Promise<BucketCount[]> {
  const { whole, edges } = splitRange(source.range, dayMs);
  const ends = edges.map(
    (edge) => sql`
      union all
      select score_number(data_type, status, value, applicable), 1 from ${sql.table(source.target.table)}
      where ${isScoreOf(source, edge)} and name = ${metricName}`,
  );
  const { rows } = await sql<BucketCount>`
    select ${bucketOf("value", buckets)} as bucket, sum(scores) as count, null as label, false as is_other
    from (
      select value, scores from score_days where ${isRollupOf(source, "day", whole)} and name = ${metricName}
      union all
      select value, scores from score_deltas where ${isRollupOf(source, "hour", whole)} and name = ${metricName}
      ${sql.join(ends, sql` `)}
    ) counted
    where value <> 'NaN'
    group by 1 having sum(scores) <> 0`.execute(db);
  return rows;
}

async function countsOfSelected(
  db: Database,
  source: ScoreSource,
  { metric_name: metricName, buckets }: DistributionQuery,
): Promise<BucketCount[]> {
  const { rows } = await sql<BucketCount>`
    with ${selectedScores(source, metricName)}, counted as (
      select ${bucketOf("number", buckets)} as bucket, groups, count(*) as scores
      from selected where number is not null group by 1, 2
    ), ${labelled}
    select bucket, label, is_other, sum(scores) as count
    from labelled group by bucket, label, is_other order by ${inGroupOrder}`.execute(db);
  return rows;
}

/** The bucket of a number, from 0. */
function bucketOf(column: string, buckets: number): RawBuilder<number> {
  return sql`least(floor(${sql.ref(column)} * ${buckets}::integer), ${buckets - 1}::integer)::integer`;
}
