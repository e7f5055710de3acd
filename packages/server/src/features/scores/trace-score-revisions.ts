import type { TraceScoreRevision } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { groups, pieceBytes } from "../pieces.ts";

/** Stores a score's previous state. The caller must hold the lock of the score's row, so that revisions are numbered. */
export async function keepRevision(
  db: DatabaseTransaction,
  score: Row<"trace_scores">,
  replacedAt: string,
): Promise<void> {
  await db
    .insertInto("trace_score_revisions")
    .values({
      project_id: score.project_id,
      score_id: score.id,
      revision: sql<number>`(
        select coalesce(max(revision), 0) + 1 from trace_score_revisions
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
export async function traceScoreRevisions(
  db: Database,
  projectId: string,
  scoreId: string,
): Promise<AsyncGenerator<TraceScoreRevision[], void, undefined>> {
  const score = await db
    .selectFrom("trace_scores")
    // Changes of a score keep its run, so all revisions share it.
    .select("eval_run_id")
    .where("project_id", "=", projectId)
    .where("id", "=", scoreId)
    .executeTakeFirst();
  if (score === undefined) throw notFound("score", scoreId);
  return revisionsInPieces(db, projectId, scoreId, score);
}

async function* revisionsInPieces(
  db: Database,
  projectId: string,
  scoreId: string,
  score: Pick<TraceScoreRevision, "eval_run_id">,
): AsyncGenerator<TraceScoreRevision[], void, undefined> {
  const its = db
    .selectFrom("trace_score_revisions")
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
