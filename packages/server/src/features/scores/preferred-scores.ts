import type { ScorePreference } from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";

/** The tables of scores, with their target and the hash of its current content, given that table's alias. */
const targets = {
  trace_scores: {
    id: "trace_id",
    content: (score: string) => sql`(
      select trace.content_hash from traces trace
      where trace.project_id = ${sql.ref(`${score}.project_id`)} and trace.trace_id = ${sql.ref(`${score}.trace_id`)})`,
  },
  session_scores: {
    id: "session_id",
    content: (score: string) =>
      sql`session_content(${sql.ref(`${score}.project_id`)}, ${sql.ref(`${score}.session_id`)})`,
  },
} as const;

type ScoreTable = keyof typeof targets;

/** The id of a score's target. */
export function targetId(table: ScoreTable, score: string = table): RawBuilder<string> {
  return sql.ref<string>(`${score}.${targets[table].id}`);
}

/** The hash of the current content of a score's trace or session; null if it was deleted. */
export function contentNow(table: ScoreTable, score: string = table): RawBuilder<number> {
  return sql<number>`${targets[table].content(score)}`;
}

/** Whether the trace or session changed after it was judged. A score whose content is unknown is never stale. */
export function isStale(table: ScoreTable, score: string = table): RawBuilder<boolean> {
  const judged = sql.ref(`${score}.content_hash`);
  return sql<boolean>`(${judged} is not null and ${judged} is distinct from ${contentNow(table, score)})`;
}

/** Whether `prefer` puts the score first, and its trace or session has not changed since. */
export function isPreferred(
  table: ScoreTable,
  prefer: ScorePreference,
  score: string = table,
): RawBuilder<boolean> {
  const isPersons =
    prefer === "annotation"
      ? sql`true`
      : sql`(${sql.ref(`${score}.corrected`)} or ${sql.ref(`${score}.author_user_id`)} is not null)`;
  return sql<boolean>`(${sql.ref(`${score}.source`)} = 'ANNOTATION' and ${isPersons} and not ${isStale(table, score)})`;
}

/**
 * The id of the score that `prefer` shows instead of this one: the latest preferred score with the same target and
 * name; null if there is none.
 */
export function preferredId(
  table: ScoreTable,
  prefer: ScorePreference,
  score: string = table,
): RawBuilder<string | null> {
  return sql<string | null>`(
    select word.id ${preferredFor(table, prefer, score)} order by word.updated_at desc, word.id desc limit 1)`;
}

/**
 * Whether `prefer` leaves this score out, because there is a preferred one with the same target and name. This is the
 * only place for the rule: a query over scores with a `prefer` adds `where not ${isOutranked(…)}` to its other
 * conditions, as score lists do. Both lookups are index scans, but need the rows of scores, so rollups cannot answer
 * such a query.
 *
 * @param score the alias of the table of scores in the query.
 */
export function isOutranked(
  table: ScoreTable,
  prefer: ScorePreference,
  score: string = table,
): RawBuilder<SqlBool> {
  return sql<SqlBool>`(not ${isPreferred(table, prefer, score)} and exists (select ${preferredFor(table, prefer, score)}))`;
}

/** The FROM and WHERE of the preferred scores with the target and name of a score. */
function preferredFor(table: ScoreTable, prefer: ScorePreference, score: string) {
  return sql`from ${sql.table(table)} word
    where word.project_id = ${sql.ref(`${score}.project_id`)} and ${targetId(table, "word")} = ${targetId(table, score)}
      and word.name = ${sql.ref(`${score}.name`)} and ${isPreferred(table, prefer, "word")}`;
}
