import type { ComparedSide, CompareScoresRequest, ScorePreference } from "@pandaprobe/contract";
import type { Pairing } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { isJudgesLast, scoreNumber } from "../scores/judges-version.ts";
import { isPreferred } from "../scores/preferred-scores.ts";
import { matchesFilters } from "../traces/trace-filters.ts";

/** How many of the newest scores of each side are read. */
const mostScores = 100_000;
/** How many are read at a time. Between two pieces the event loop answers other requests. */
const pieceSize = 2_000;

/** The scores of both sides, as pieces of JSON with `SideColumns`, to be parsed in a thread. */
export async function comparedScores(
  db: Database,
  projectId: string,
  { a, b, prefer }: Pick<CompareScoresRequest, "a" | "b" | "prefer">,
  metric: string,
  pairing: Pairing | null,
): Promise<{ readonly a: readonly string[]; readonly b: readonly string[] }> {
  const [scoresA, scoresB] = await Promise.all([
    sideScores(db, projectId, a, metric, prefer, pairing),
    sideScores(db, projectId, b, metric, prefer, pairing),
  ]);
  return { a: scoresA, b: scoresB };
}

/**
 * The newest score of each trace. Judges' scores are uncorrected, even if a person has changed them since, because
 * people look more closely at some versions than at others. With `prefer`, people's scores come first.
 */
async function sideScores(
  db: Database,
  projectId: string,
  { run_id, filters }: ComparedSide,
  metric: string,
  prefer: ScorePreference | undefined,
  pairing: Pairing | null,
): Promise<readonly string[]> {
  // One lookup per score, because with wrong statistics a join of all scores with all traces may be planned as a nested
  // loop.
  const target = db
    .selectFrom("traces")
    .select([sql<string>`coalesce(session_id, trace_id::text)`.as("cluster"), keyOf(pairing).as("key")])
    .where("project_id", "=", projectId)
    .where(sql<SqlBool>`trace_id = given.trace_id`)
    .where(matchesFilters(filters ?? {}))
    .limit(1);
  const isNamed = sql`score.project_id = ${projectId} and score.name = ${metric}`;
  const isOfRun = run_id === undefined ? sql`` : sql`and score.eval_run_id = ${run_id}`;
  const hasTarget =
    run_id === undefined
      ? sql``
      : sql`
    and exists (
      select from trace_scores own
      where own.project_id = score.project_id and own.eval_run_id = ${run_id} and own.trace_id = score.trace_id
        and own.name = score.name)`;
  const words =
    prefer === undefined
      ? sql``
      : sql`
    union all
    select score.trace_id, score.id, 1 as rank, score.updated_at as given_at, score.applicable,
      ${scoreNumber("score")}, ${passed(sql`score.passed`, "score")}
    from trace_scores score
    where ${isNamed} and score.source = 'ANNOTATION' and ${isPreferred("trace_scores", prefer, "score")} ${hasTarget}`;
  const { rows } = await sql<{ scores: string }>`
    with given as (
      select score.trace_id, score.id, 0 as rank, score.created_at as given_at, score.applicable,
        ${scoreNumber("score")} as value, ${passed(sql`score.passed`, "score")} as passed
      from trace_scores score
      where ${isNamed} and score.source <> 'ANNOTATION' ${isOfRun}
      union all
      select score.trace_id, score.id, 0, score.created_at,
        (revision.metadata -> 'applicable')::text is distinct from 'false',
        ${scoreNumber("revision")}, ${passed(passedBefore, "revision")}
      from trace_scores score
      join trace_score_revisions revision on revision.project_id = score.project_id and revision.score_id = score.id
      where ${isNamed} and score.source = 'ANNOTATION' and ${isJudgesLast("trace_scores")} ${isOfRun}
      ${words}
    ),
    newest as (
      select * from given cross join lateral (${target}) found order by given_at desc, id desc limit ${sql.lit(mostScores)}
    ),
    chosen as (select distinct on (trace_id) * from newest order by trace_id, rank desc, given_at desc, id desc)
    select json_build_object(
      'ids', json_agg(id), 'keys', json_agg(key), 'clusters', json_agg(cluster), 'values', json_agg(value),
      'passed', json_agg(passed), 'applicable', json_agg(applicable))::text as scores
    from (select *, row_number() over (order by trace_id) / ${sql.lit(pieceSize)} as piece from chosen) numbered
    group by piece order by piece`.execute(db);
  return rows.map(({ scores }) => scores);
}

/** The value that pairs a trace with others, hashed if it may be long. */
function keyOf(pairing: Pairing | null): RawBuilder<string | null> {
  if (pairing === null) return sql`null::text`;
  if (pairing === "trace_id") return sql`trace_id::text`;
  if (pairing === "input")
    return sql`case when json_typeof(input) <> 'null' then ${hash(sql`input::text`)} end`;
  return hash(caseOf(pairing.metadataKey));
}

/** With 64 bits, 100,000 keys collide about once in four billion comparisons. */
function hash(text: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`hashtextextended(${text}, 0)::text`;
}

/** The value of a trace's metadata as text; null unless it is a text, a number or a boolean. */
export function caseOf(metadataKey: string): RawBuilder<string | null> {
  const at = sql`metadata -> ${metadataKey}::text`;
  return sql`case when json_typeof(${at}) in ('string', 'number', 'boolean') then metadata ->> ${metadataKey}::text end`;
}

/** Whether a score passed: a BOOLEAN one without a threshold, if it is true. */
function passed(
  byThreshold: RawBuilder<boolean | null>,
  row: "score" | "revision",
): RawBuilder<boolean | null> {
  return sql`coalesce(${byThreshold}, case when score.data_type = 'BOOLEAN' then ${scoreNumber(row)} = 1 end)`;
}

/** As the column `passed` of a score. */
const passedBefore = sql<boolean | null>`
  case when revision.status = 'SUCCESS' and (revision.metadata -> 'applicable')::text is distinct from 'false' then
    case (revision.metadata -> 'success')::text when 'true' then true when 'false' then false end end`;
