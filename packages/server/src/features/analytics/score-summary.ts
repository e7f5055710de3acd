import { limits, type ScoreSummaryItem } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { dayMs, type SplitRange, splitRange } from "./date-range.ts";
import { isInRollups, isRollupOf, isScoreOf, mean, type ScoreSource } from "./score-source.ts";
import { type Group, inGroupOrder, labelled, selectedScores, shownGroup } from "./selected-scores.ts";

/** How many rows of the rollup are sampled to find out whether reading it is worthwhile. */
const sampleSize = 200;
/** Unless a rollup row stands for this many scores on average, the scores themselves are read. */
const worthwhile = 2;

/**
 * One row for each name (and group) with a score in the range, by name: at most the first `limits.summaryRows` names.
 * The median is exact.
 */
export async function scoreSummary(db: Database, source: ScoreSource): Promise<ScoreSummaryItem[]> {
  return isInRollups(source) ? summaryOfRollups(db, source) : summaryOfSelected(db, source);
}

/**
 * The exact median of numbers, where `up_to` of them are up to a value. Multiplied by 0.5, because PostgreSQL
 * rounds quotients of decimals.
 */
const median = sql`(min(value) filter (where is_number and 2 * up_to >= numbers)
  + min(value) filter (where is_number and 2 * up_to > numbers)) * 0.5`;

async function summaryOfRollups(db: Database, source: ScoreSource): Promise<ScoreSummaryItem[]> {
  const days = splitRange(source.range, dayMs);
  const { rows } = await sql<ScoreSummaryItem>`
    with recursive ${names(source)}, ${found(source, days)}, ${counted(source, days)},
    by_value as (
      select name, value, sum(scores)::float8 as scores, sum(successes)::float8 as successes, sum(failures)::float8 as failures,
        sum(passes)::float8 as passes, sum(graded)::float8 as graded, sum(not_applicable)::float8 as not_applicable
      from counted group by name, value having sum(scores) <> 0
    ), ranked as (
      select *, value <> 'NaN' as is_number,
        sum(scores) over (partition by name order by value) as up_to,
        sum(scores) filter (where value <> 'NaN') over (partition by name) as numbers
      from by_value
    ), summed as (
      select name, ${mean(sql`sum(value * scores::numeric) filter (where is_number)`, sql`max(numbers)::numeric`)} as avg_score,
        min(value) filter (where is_number) as min_score, max(value) filter (where is_number) as max_score,
        ${median} as median_score,
        sum(successes) as success_count, sum(failures) as failed_count, sum(passes) as pass_count,
        sum(graded) as graded_count, sum(not_applicable) as not_applicable_count
      from ranked group by name
      union all
      select name, avg_score, min_score, max_score, (middle[1] + middle[2]) * 0.5, success_count, failed_count, pass_count,
        graded_count, not_applicable_count
      from found cross join lateral (${readOneByOne(source)}) summary
      where is_sparse
    )
    select summed.name as metric_name, avg_score, min_score, max_score, median_score, success_count, failed_count,
      pass_count, graded_count, not_applicable_count, latest_score_at
    from summed join found on found.name = summed.name order by summed.name`.execute(db);
  return rows;
}

async function summaryOfSelected(db: Database, source: ScoreSource): Promise<ScoreSummaryItem[]> {
  const { rows } = await sql<ScoreSummaryItem & Group>`
    with ${selectedScores(source)}, every as (
      select name, groups, number as value, count(*)::float8 as scores, max(created_at) as latest,
        count(*) filter (where status = 'SUCCESS')::float8 as successes,
        count(*) filter (where status = 'FAILED')::float8 as failures, count(*) filter (where passed)::float8 as passes,
        count(passed)::float8 as graded, count(*) filter (where not applicable)::float8 as not_applicable
      from selected group by 1, 2, 3
    ), counted as (
      select * from every where name in (select distinct name from every order by name limit ${limits.summaryRows})
    ), ${labelled}, by_value as (
      select name, label, is_other, value, value is not null as is_number, sum(scores) as scores, max(latest) as latest,
        sum(successes) as successes, sum(failures) as failures, sum(passes) as passes, sum(graded) as graded,
        sum(not_applicable) as not_applicable
      from labelled group by 1, 2, 3, 4
    ), ranked as (
      select *, sum(scores) over (partition by name, label, is_other order by value) as up_to,
        sum(scores) filter (where is_number) over (partition by name, label, is_other) as numbers
      from by_value
    )
    select name as metric_name, label, is_other,
      ${mean(sql`sum(value * scores::numeric) filter (where is_number)`, sql`max(numbers)::numeric`)} as avg_score,
      min(value) as min_score, max(value) as max_score, ${median} as median_score, sum(successes) as success_count,
      sum(failures) as failed_count, sum(passes) as pass_count, sum(graded) as graded_count,
      sum(not_applicable) as not_applicable_count, max(latest) as latest_score_at
    from ranked group by name, label, is_other order by name, ${inGroupOrder}`.execute(db);
  return rows.map(({ metric_name, label, is_other, ...figures }) => ({
    metric_name,
    ...shownGroup(source, { label, is_other }),
    ...figures,
  }));
}

/** The names of a project's scores: a loose index scan that skips from one name to the next. */
function names({ target, projectId }: ScoreSource): RawBuilder<unknown> {
  const scores = sql.table(target.table);
  return sql`names as (
    (select name from ${scores} where project_id = ${projectId} order by name limit 1)
    union all
    select (select name from ${scores} scores
      where project_id = ${projectId} and scores.name > names.name order by name limit 1)
    from names where name is not null
  )`;
}

/** The names in the range, the time of each one's latest score, and whether the rollup is too sparse to be worth reading. */
function found(source: ScoreSource, { whole }: SplitRange): RawBuilder<unknown> {
  return sql`found as materialized (
    select name, latest_score_at, (
      select count(*) = ${sampleSize} and sum(scores) < ${sampleSize * worthwhile}::integer
      from (
        select scores from score_days
        where ${isRollupOf(source, "day", whole)} and score_days.name = names.name order by day, value limit ${sampleSize}
      ) sample
    ) as is_sparse
    from names cross join lateral (
      select created_at as latest_score_at from ${sql.table(source.target.table)} scores
      where ${isScoreOf(source)} and scores.name = names.name order by created_at desc limit 1
    ) latest
    order by name limit ${limits.summaryRows}
  )`;
}

/** Counts by value: from the rollup, the deltas not yet in it, and the scores at the ends of the range. */
function counted(source: ScoreSource, { whole, edges }: SplitRange): RawBuilder<unknown> {
  const columns = sql`value, scores, successes, failures, passes, graded, not_applicable`;
  const isDense = sql`name in (select name from found where not is_sparse)`;
  const ends = edges.map(
    (edge) => sql`
      union all
      select name, score_number(data_type, status, value, applicable), 1, (status = 'SUCCESS')::integer,
        (status = 'FAILED')::integer, coalesce(passed, false)::integer, (passed is not null)::integer,
        (not applicable)::integer
      from ${sql.table(source.target.table)} where ${isScoreOf(source, edge)} and ${isDense}`,
  );
  return sql`counted as (
    select name, ${columns} from found cross join lateral (
      select ${columns} from score_days
      where ${isRollupOf(source, "day", whole)} and score_days.name = found.name offset 0
    ) days
    where not is_sparse
    union all
    select name, ${columns} from score_deltas where ${isRollupOf(source, "hour", whole)} and ${isDense}
    ${sql.join(ends, sql` `)}
  )`;
}

/** The summary of one name, computed from the scores themselves. */
function readOneByOne(source: ScoreSource): RawBuilder<unknown> {
  return sql`
    select ${mean(sql`sum(number)`, sql`count(number)`)} as avg_score, min(number) as min_score, max(number) as max_score,
      percentile_disc(array[0.5, 0.5000000001]) within group (order by number) as middle,
      count(*) filter (where status = 'SUCCESS') as success_count,
      count(*) filter (where status = 'FAILED') as failed_count, count(*) filter (where passed) as pass_count,
      count(passed) as graded_count, count(*) filter (where not applicable) as not_applicable_count
    from (
      select nullif(score_number(data_type, status, value, applicable), 'NaN') as number, status, applicable, passed
      from ${sql.table(source.target.table)} scores where ${isScoreOf(source)} and scores.name = found.name
      -- Keeps PostgreSQL from parsing the text again for each use of the number.
      offset 0
    ) numbers`;
}
