import { type RawBuilder, type SqlBool, sql } from "kysely";
import { revisionsOf, type ScoreTable } from "./score-rows.ts";

/** The revision of a score with the judge's own value, before a person changed it. Its table's alias is `score`. */
export function judgesVersion(table: ScoreTable): RawBuilder<unknown> {
  return sql`
    select * from ${sql.table(revisionsOf[table])} revision
    where revision.project_id = score.project_id and revision.score_id = score.id and revision.source <> 'ANNOTATION'
    order by revision.revision desc limit 1`;
}

/**
 * Whether a revision is the judge's last own value. A join with revisions is planned better than a lookup for
 * each score.
 */
export function isJudgesLast(table: ScoreTable): RawBuilder<SqlBool> {
  return sql`
    (revision.source <> 'ANNOTATION' and not exists (
      select from ${sql.table(revisionsOf[table])} later
      where later.project_id = revision.project_id and later.score_id = revision.score_id
        and later.revision > revision.revision and later.source <> 'ANNOTATION'))`;
}

/**
 * The value as a number from 0 to 1; null for a category and a failed score.
 *
 * @param row the alias of the row with the value: the score or its revision, which has the type of its score.
 */
export function scoreNumber(row: "score" | "revision"): RawBuilder<number | null> {
  const value = sql.ref(`${row}.value`);
  return sql`case when ${sql.ref(`${row}.status`)} = 'SUCCESS' then
    case score.data_type when 'NUMERIC' then ${value}::float8 when 'BOOLEAN' then (${value} = 'true')::integer end end`;
}
