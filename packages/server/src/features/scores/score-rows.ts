import type { JudgedScore, SessionScoreResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type ExpressionBuilder, type RawBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { isStale } from "./preferred-scores.ts";

/** The tables of scores, and the response for each. */
export interface ScoreResponses {
  trace_scores: TraceScoreResponse;
  session_scores: SessionScoreResponse;
}

export type ScoreTable = keyof ScoreResponses;

/** The tables with the earlier states of scores. */
export const revisionsOf = {
  trace_scores: "trace_score_revisions",
  session_scores: "session_score_revisions",
} as const satisfies Record<ScoreTable, string>;

/** @throws ProblemError `not_found` */
export async function getScore<Table extends ScoreTable>(
  db: Database,
  table: Table,
  projectId: string,
  scoreId: string,
): Promise<ScoreResponses[Table]> {
  const [score] = await scoresOf(db, table, projectId, [scoreId]);
  if (score === undefined) throw notFound("score", scoreId);
  return score;
}

/** The size of a score's large fields. */
export function scoreBytes(table: ScoreTable) {
  const own = sql`${storedBytes("reason")} + ${storedBytes("metadata")} + ${storedBytes("value")}`;
  return sql<number>`${own} + coalesce(${ofJudge(table, storedBytes("revision.reason"))}, 0)`;
}

/** Scores with these ids, in any order. */
export async function scoresOf<Table extends ScoreTable>(
  db: Database,
  table: Table,
  projectId: string,
  ids: string[],
): Promise<ScoreResponses[Table][]> {
  const rows = await (table === "trace_scores"
    ? traceScoresOf(db, projectId, ids)
    : sessionScoresOf(db, projectId, ids));
  return rows as unknown as ScoreResponses[Table][];
}

async function traceScoresOf(
  db: Database,
  projectId: string,
  ids: readonly string[],
): Promise<TraceScoreResponse[]> {
  const rows = await scoresWhere(db, "trace_scores", projectId, {})
    .selectAll()
    .select([judged("trace_scores"), isStale("trace_scores").as("stale")])
    .where("id", "in", ids)
    .execute();
  return rows.map(scoreResponse);
}

async function sessionScoresOf(
  db: Database,
  projectId: string,
  ids: readonly string[],
): Promise<SessionScoreResponse[]> {
  const rows = await db
    // Once for each session, because many scores may belong to the same one.
    .with(
      (name) => name("contents").materialized(),
      (query) =>
        query
          .selectFrom("session_scores")
          .select(["session_id", sql<string | null>`session_content(project_id, session_id)`.as("content")])
          .where("project_id", "=", projectId)
          .where("id", "in", ids)
          .where("content_hash", "is not", null)
          .groupBy(["project_id", "session_id"]),
    )
    .selectFrom("session_scores")
    .leftJoin("contents", "contents.session_id", "session_scores.session_id")
    .selectAll("session_scores")
    .select([
      judged("session_scores"),
      sql<boolean>`(session_scores.content_hash is not null
        and session_scores.content_hash is distinct from contents.content)`.as("stale"),
    ])
    .where("project_id", "=", projectId)
    .where("id", "in", ids)
    .execute();
  return rows.map(scoreResponse);
}

/** An expression over the judge's own version of a score that a person has changed; null for any other score. */
function ofJudge<Value>(table: ScoreTable, value: RawBuilder<Value>) {
  const score = sql.table(table);
  return sql<Value | null>`
    case when ${score}.source = 'ANNOTATION' then (
      select ${value} from ${sql.table(revisionsOf[table])} revision
      where revision.project_id = ${score}.project_id and revision.score_id = ${score}.id
        and revision.source = 'AUTOMATED'
      order by revision.revision desc limit 1
    ) end`;
}

function judged(table: ScoreTable) {
  const said = sql<JudgedScore>`json_build_object(
    'value', revision.value, 'reason', revision.reason, 'eval_run_id', ${sql.table(table)}.eval_run_id)`;
  return ofJudge(table, said).as("judged");
}

/** Both tables have the columns used here, so the types name one of them. */
export function scoresWhere(db: Database, table: ScoreTable, projectId: string, match: object) {
  return db
    .selectFrom(table as "trace_scores")
    .where("project_id", "=", projectId)
    .where(matches(match));
}

/** The condition that columns have these values; undefined ones match any. */
export function matches(match: object) {
  const given = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
  return (row: ExpressionBuilder<Schema, "trace_scores">) => row.and(given);
}

/** The columns of a score that only queries need. */
interface Derived {
  readonly numeric_value: number | null;
  readonly applicable: boolean;
  readonly passed: boolean | null;
  readonly content_hash: number | null;
  readonly corrected: boolean;
}

/** A score as it is returned. */
export function scoreResponse<Score extends Derived>(row: Score): Omit<Score, keyof Derived> {
  const {
    numeric_value: _number,
    applicable: _applicable,
    passed: _passed,
    content_hash: _hash,
    corrected: _corrected,
    ...score
  } = row;
  return score;
}
