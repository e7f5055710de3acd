import type {
  CreateSessionScoreRequest,
  CreateTraceScoreRequest,
  ScoreChange,
  ScoreDataType,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { changedMetadata, changedValue, notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import { contentNow } from "./preferred-scores.ts";
import { keepRevision } from "./score-revisions.ts";
import { getScore, type ScoreResponses, type ScoreTable, scoreResponse, scoresWhere } from "./score-rows.ts";
import { sentColumns, sentValues } from "./sent-score.ts";

/** Adds a score to a trace. It keeps the environment that the trace has now. */
export async function createTraceScore(
  db: Database,
  projectId: string,
  score: CreateTraceScoreRequest,
): Promise<TraceScoreResponse> {
  const row = await db
    .insertInto("trace_scores")
    .columns(["project_id", "trace_id", "environment", "content_hash", ...gradedColumns])
    .expression((select) =>
      select
        .selectFrom("traces")
        .select(["project_id", "trace_id", "environment", "content_hash", ...gradedValues(score)])
        .where("project_id", "=", projectId)
        .where("trace_id", "=", score.trace_id)
        .forKeyShare(),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw notFound("trace", score.trace_id);
  return { ...scoreResponse(row), judged: null, stale: false };
}

/** Adds a score to a session that has a trace. */
export async function createSessionScore(
  db: Database,
  projectId: string,
  score: CreateSessionScoreRequest,
): Promise<SessionScoreResponse> {
  const { session_id: sessionId } = score;
  const row = await db
    .insertInto("session_scores")
    .columns(["project_id", "session_id", "content_hash", ...gradedColumns])
    .expression((select) =>
      select
        .selectFrom("traces")
        .select([
          "project_id",
          sql<string>`session_id`.as("session_id"),
          sql<number>`session_content(${projectId}, ${sessionId})`.as("content_hash"),
          ...gradedValues(score),
        ])
        .where("project_id", "=", projectId)
        .where("session_id", "=", sessionId)
        // Its trace stays until the score is stored, so deleting the session deletes the score.
        .orderBy("trace_id")
        .limit(1)
        .forKeyShare(),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw notFound("session", sessionId);
  return { ...scoreResponse(row), judged: null, stale: false };
}

/** Changes the given fields. The score counts as a person's from then on, and its previous state is kept as a revision. */
export async function updateScore<Table extends ScoreTable>(
  db: Database,
  table: Table,
  projectId: string,
  scoreId: string,
  change: ScoreChange,
): Promise<ScoreResponses[Table]> {
  return inTransaction(db, async (transaction) => {
    const stored = await scoresWhere(transaction, table, projectId, { id: scoreId })
      .selectAll()
      .forUpdate()
      .executeTakeFirst();
    if (stored === undefined) throw notFound("score", scoreId);
    const { value, status } = changedValue(stored, change.value);
    // Both tables have the columns that change, so the types name one of them.
    const { updated_at } = await transaction
      .updateTable(table as "trace_scores")
      .set({
        value,
        numeric_value: numericValue(stored.data_type, value),
        ...(change.reason === undefined ? {} : { reason: change.reason }),
        metadata: toJson(changedMetadata(stored, value, change)),
        ...(change.author_user_id === undefined ? {} : { author_user_id: change.author_user_id }),
        ...(change.value == null ? {} : { corrected: true, content_hash: contentNow(table) }),
        status,
        source: "ANNOTATION",
        updated_at: sql<string>`now_ms()`,
      })
      .where("project_id", "=", projectId)
      .where("id", "=", scoreId)
      .returning("updated_at")
      .executeTakeFirstOrThrow();
    await keepRevision(transaction, table, stored, updated_at);
    return getScore(transaction, table, projectId, scoreId);
  });
}

export async function deleteScore(
  db: Database,
  table: ScoreTable,
  projectId: string,
  scoreId: string,
): Promise<void> {
  const result = await db
    .deleteFrom(table)
    .where("project_id", "=", projectId)
    .where("id", "=", scoreId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw notFound("score", scoreId);
}

/** The columns of trace and session scores from a sent score. */
const gradedColumns = [...sentColumns, "numeric_value", "status"] as const;

function gradedValues(score: CreateTraceScoreRequest | CreateSessionScoreRequest) {
  return [
    ...sentValues(score),
    sql<number | null>`${numericValue(score.data_type, score.value)}::float8`.as("numeric_value"),
    sql<"SUCCESS">`'SUCCESS'`.as("status"),
  ] as const;
}

function numericValue(type: ScoreDataType, value: string | null): number | null {
  return type === "NUMERIC" && value !== null ? Number(value) : null;
}
