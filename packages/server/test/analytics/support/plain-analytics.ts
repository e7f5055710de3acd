import type {
  ScoreDistributionItem,
  ScorePreference,
  ScoreSummaryItem,
  ScoreTrendItem,
} from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../../src/db/database.ts";
import type { DistributionQuery } from "../../../src/features/analytics/score-distribution.ts";
import type { ScoreSource } from "../../../src/features/analytics/score-source.ts";
import type { TrendQuery } from "../../../src/features/analytics/score-trend.ts";

/*
 * The results of analytics as plain aggregates over the scores, each from an index that covers its query. They define
 * what is exact, and what the rollups' speed is compared with.
 */

const mean = sql`round(sum(number), 40) / nullif(count(number), 0)`;

export function plainSummarySql(source: PlainSource): RawBuilder<ScoreSummaryItem> {
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

export function plainTrendSql(source: PlainSource, query: TrendQuery): RawBuilder<ScoreTrendItem> {
  return sql<ScoreTrendItem>`
    select date_trunc(${query.granularity}, created_at, 'UTC') as bucket, ${query.metric_name} as metric_name,
      ${mean} as avg_score, count(number) as count
    from (${scores(source, query.metric_name)}) scores where number is not null group by 1 order by 1`;
}

/** Only the buckets that are not empty, numbered from 0. */
export function plainDistributionSql(
  source: PlainSource,
  query: DistributionQuery,
): RawBuilder<{ bucket: number; count: number }> {
  const last = query.buckets - 1;
  return sql`
    select least(floor(number * ${query.buckets}::integer), ${last}::integer)::integer as bucket, count(*) as count
    from (${scores(source, query.metric_name)}) scores where number is not null group by 1`;
}

export async function plainSummary(db: Database, source: ScoreSource): Promise<ScoreSummaryItem[]> {
  const names = (await plainSummarySql(ungrouped(source)).execute(db)).rows.map((row) => row.metric_name);
  const rows = await inEachGroup(db, source, sql`true`, undefined, async (its) => {
    return (await plainSummarySql(its).execute(db)).rows;
  });
  return rows.toSorted((a, b) => names.indexOf(a.metric_name) - names.indexOf(b.metric_name));
}

export async function plainTrend(
  db: Database,
  source: ScoreSource,
  query: TrendQuery,
): Promise<ScoreTrendItem[]> {
  const rows = await inEachGroup(db, source, isNumber, query.metric_name, async (its) => {
    return (await plainTrendSql(its, query).execute(db)).rows;
  });
  return rows.toSorted((a, b) => Date.parse(a.bucket ?? "") - Date.parse(b.bucket ?? ""));
}

export async function plainDistribution(
  db: Database,
  source: ScoreSource,
  query: DistributionQuery,
): Promise<ScoreDistributionItem[]> {
  return inEachGroup(db, source, isNumber, query.metric_name, async (its) => {
    const { rows } = await plainDistributionSql(its, query).execute(db);
    const items = Array.from({ length: query.buckets }, (_, index) => ({
      bucket: index + 1,
      bucket_min: index / query.buckets,
      bucket_max: (index + 1) / query.buckets,
      count: rows.find((row) => row.bucket === index)?.count ?? 0,
    }));
    return rows.length === 0 ? [] : items;
  });
}

const isNumber = sql<SqlBool>`number is not null`;

/** Scores that a plain aggregate is about: a group of them is found by its values, which is empty for those without one. */
interface PlainSource extends ScoreSource {
  readonly values?: readonly string[] | undefined;
}

function ungrouped(source: ScoreSource): PlainSource {
  return { ...source, groupBy: undefined };
}

/** The rows of each group by itself, in the order in which analytics shows groups. */
async function inEachGroup<Row>(
  db: Database,
  source: ScoreSource,
  isCounted: RawBuilder<SqlBool>,
  name: string | undefined,
  read: (source: PlainSource) => Promise<Row[]>,
): Promise<Row[]> {
  if (source.groupBy === undefined) return read(source);
  const { rows } = await sql<{ value: string }>`
    select value from (${scores(ungrouped(source), name, source.groupBy)}) scores, unnest(groups) value
    where ${isCounted} group by value order by count(*) desc, value collate "C"`.execute(db);
  const ranked = rows.map(({ value }) => value);
  const shown = ranked.slice(0, 20).sort((a, b) => (a < b ? -1 : 1));
  const groups = [
    ...shown.map((value) => ({ values: [value], group: { value, is_other: false } })),
    { values: [], group: { value: null, is_other: false } },
    { values: ranked.slice(20), group: { value: null, is_other: true } },
  ];
  const found: Row[] = [];
  for (const { values, group } of groups) {
    if (group.is_other && values.length === 0) continue;
    for (const row of await read({ ...source, values })) found.push({ ...row, group });
  }
  return found;
}

function scores(source: PlainSource, name?: string, groupBy = source.groupBy): RawBuilder<unknown> {
  const { target, projectId, range, filters = {}, values } = source;
  const { source: scorer, model, eval_run_id, prefer } = filters;
  return sql`
    select name, status, created_at, is_applicable, groups,
      case when status = 'SUCCESS' and is_applicable then (metadata -> 'success')::text end as grade,
      case when data_type = 'NUMERIC' and status = 'SUCCESS' and is_applicable then value::numeric end as number
    from ${sql.table(target.table)} score cross join lateral (
      select coalesce((metadata -> 'applicable')::text, '') <> 'false' as is_applicable) applicability
    cross join lateral (select array(${valuesOf(source, groupBy)}) as groups) grouping
    where project_id = ${projectId}
      ${name === undefined ? sql`` : sql`and name = ${name}`}
      ${range.from === undefined ? sql`` : sql`and created_at >= ${range.from}`}
      ${range.to === undefined ? sql`` : sql`and created_at < ${range.to}`}
      ${scorer === undefined ? sql`` : sql`and source = ${scorer}`}
      ${eval_run_id === undefined ? sql`` : sql`and eval_run_id = ${eval_run_id}`}
      ${model === undefined ? sql`` : sql`and ${judgesOfScore} @> array[${model}]`}
      ${
        prefer === undefined
          ? sql``
          : sql`and (${isWord("score", prefer)} or not exists (
        select from ${sql.table(target.table)} word where word.project_id = score.project_id and word.name = score.name
          and ${sql.ref(`word.${keyOf(source)}`)} = ${sql.ref(`score.${keyOf(source)}`)} and ${isWord("word", prefer)}))`
      }
      ${isFiltered(source) ? sql`and exists (select ${tracesOf(source)})` : sql``}
      ${values === undefined ? sql`` : values.length === 0 ? sql`and groups = '{}'` : sql`and groups && ${values}::text[]`}
    -- Else each mention of the number would read the text anew.
    offset 0`;
}

/** Whether a score is a preferred one, where no trace has changed since. */
function isWord(score: "score" | "word", prefer: ScorePreference): RawBuilder<SqlBool> {
  const column = (name: string) => sql.ref(`${score}.${name}`);
  return sql`(${column("source")} = 'ANNOTATION' and (
    ${prefer} = 'annotation' or ${column("corrected")} or ${column("author_user_id")} is not null))`;
}

function keyOf({ target }: ScoreSource): string {
  return target.type === "TRACE" ? "trace_id" : "session_id";
}

const judgesOfScore = sql`(
  select array_remove(judges || model, null) from eval_runs run
  where run.project_id = score.project_id and run.id = score.eval_run_id)`;

/** The distinct values of a score that it is grouped by. */
function valuesOf(source: PlainSource, groupBy: ScoreSource["groupBy"]): RawBuilder<unknown> {
  if (groupBy === undefined) return sql`select null::text where false`;
  if (groupBy === "model") return sql`select unnest(${judgesOfScore})`;
  if (groupBy === "source" || groupBy === "eval_run_id")
    return sql`select ${sql.ref(`score.${groupBy}`)}::text where ${sql.ref(`score.${groupBy}`)} is not null`;
  const column = sql.ref(`trace.${groupBy === "trace_name" ? "name" : groupBy}`);
  return sql`
    select distinct value from (
      select ${groupBy === "tags" ? sql`unnest(${column})` : column} as value ${tracesOf(source)}
    ) given where value is not null`;
}

function isFiltered({ filters = {} }: ScoreSource): boolean {
  const { source: _, model: _m, eval_run_id: _e, prefer: _p, ...ofTrace } = filters;
  return Object.values(ofTrace).some((value) => value !== undefined);
}

/** The matching traces of a score: its own, or those of its session. */
function tracesOf(source: ScoreSource): RawBuilder<unknown> {
  const { filters = {} } = source;
  const { release, environment, tags, user_id, trace_name: part } = filters;
  const key = sql.ref(keyOf(source));
  return sql`from traces trace where trace.project_id = score.project_id and trace.${key} = score.${key}
    ${release === undefined ? sql`` : sql`and release = ${release}`}
    ${environment === undefined ? sql`` : sql`and trace.environment = ${environment}`}
    ${tags === undefined ? sql`` : sql`and exists (select from unnest(tags) tag where tag = any(${tags}::text[]))`}
    ${user_id === undefined ? sql`` : sql`and user_id = ${user_id}`}
    ${part === undefined ? sql`` : sql`and strpos(lower(trace.name), lower(${part})) > 0`}`;
}
