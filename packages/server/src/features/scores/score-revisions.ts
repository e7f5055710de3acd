import type { TraceScoreRevision } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { groups, pieceBytes } from "../pieces.ts";
import { revisionsOf, type ScoreTable, scoresWhere } from "./score-rows.ts";

/** Stores a score's previous state. The caller must hold the lock of the score's row, so that revisions are numbered. */
export async function keepRevision(
  db: DatabaseTransaction,
  table: ScoreTable,
  score: Omit<Row<"trace_scores">, "trace_id" | "environment" | "config_id">,
  replacedAt: string,
): Promise<void> {
  const revisions = revisionsOf[table];
  await db
    .insertInto(revisions)
    .values({
      project_id: score.project_id,
      score_id: score.id,
      revision: sql<number>`(
        select coalesce(max(revision), 0) + 1 from ${sql.table(revisions)}
        where project_id = ${score.project_id} and score_id = ${score.id})`,
      value: score.value,
      status: score.status,
      source: score.source,
      author_user_id: score.author_user_id,
      reason: score.reason,
      metadata: toJson(score.metadata),
      set_at: score.updated_at,
      replaced_at: replacedAt,
    })
    .execute();
}

/** The states of a score before each of its changes, oldest first, in pieces. @throws ProblemError `not_found` */
export async function scoreRevisions(
  db: Database,
  table: ScoreTable,
  projectId: string,
  scoreId: string,
): Promise<AsyncGenerator<TraceScoreRevision[], void, undefined>> {
  const score = await scoresWhere(db, table, projectId, { id: scoreId })
    // Changes of a score keep its run, so all revisions share it.
    .select("eval_run_id")
    .executeTakeFirst();
  if (score === undefined) throw notFound("score", scoreId);
  return revisionsInPieces(db, table, projectId, scoreId, score);
}

async function* revisionsInPieces(
  db: Database,
  table: ScoreTable,
  projectId: string,
  scoreId: string,
  score: Pick<TraceScoreRevision, "eval_run_id">,
): AsyncGenerator<TraceScoreRevision[], void, undefined> {
  const its = db
    .selectFrom(revisionsOf[table])
    .where("project_id", "=", projectId)
    .where("score_id", "=", scoreId)
    .orderBy("revision");
  const planned = await its
    .select(["revision", sql<number>`${storedBytes("reason")} + ${storedBytes("metadata")}`.as("bytes")])
    .execute();
  for (const piece of groups(planned, ({ bytes }) => bytes, pieceBytes)) {
    const numbers = piece.map(({ revision }) => revision);
    const rows = await its.selectAll().where("revision", "in", numbers).execute();
    yield rows.map(({ project_id: _, ...revision }) => ({ ...revision, ...score }));
  }
}
