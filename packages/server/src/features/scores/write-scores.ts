import type {
  CreateTraceScoreRequest,
  ScoreDataType,
  TraceScoreResponse,
  UpdateTraceScoreRequest,
} from "@pandaprobe/contract";
import { changedMetadata, changedValue, notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import { getTraceScore, scoreResponse } from "./read-scores.ts";
import { keepRevision } from "./trace-score-revisions.ts";

/** Adds a score to a trace. It keeps the environment that the trace has now. */
export async function createTraceScore(
  db: Database,
  projectId: string,
  score: CreateTraceScoreRequest,
): Promise<TraceScoreResponse> {
  const row = await db
    .insertInto("trace_scores")
    .columns([
      "project_id",
      "id",
      "trace_id",
      "name",
      "data_type",
      "value",
      "numeric_value",
      "source",
      "status",
      "reason",
      "environment",
      "metadata",
      "author_user_id",
      "content_hash",
    ])
    .expression((select) =>
      select
        .selectFrom("traces")
        .select((trace) => [
          "project_id",
          sql<string>`${uuidv7()}::uuid`.as("id"),
          "trace_id",
          trace.val(score.name).as("name"),
          trace.val(score.data_type).as("data_type"),
          trace.val(score.value).as("value"),
          sql<number | null>`${numericValue(score.data_type, score.value)}::float8`.as("numeric_value"),
          trace.val(score.source).as("source"),
          sql<"SUCCESS">`'SUCCESS'`.as("status"),
          sql<string | null>`${score.reason ?? null}::text`.as("reason"),
          "environment",
          sql<string>`${toJson(score.metadata ?? {})}::json`.as("metadata"),
          sql<string | null>`${score.author_user_id ?? null}::text`.as("author_user_id"),
          "content_hash",
        ])
        .where("project_id", "=", projectId)
        .where("trace_id", "=", score.trace_id)
        .forKeyShare(),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw notFound("trace", score.trace_id);
  return { ...scoreResponse(row), judged: null, stale: false };
}

/** Changes the given fields. The score counts as a person's from then on, and its previous state is kept as a revision. */
export async function updateTraceScore(
  db: Database,
  projectId: string,
  scoreId: string,
  change: UpdateTraceScoreRequest,
): Promise<TraceScoreResponse> {
  return inTransaction(db, async (transaction) => {
    const stored = await transaction
      .selectFrom("trace_scores")
      .selectAll()
      .where("project_id", "=", projectId)
      .where("id", "=", scoreId)
      .forUpdate()
      .executeTakeFirst();
    if (stored === undefined) throw notFound("score", scoreId);
    const { value, status } = changedValue(stored, change.value);
    const contentNow = sql<number>`(
      select content_hash from traces where project_id = ${projectId} and trace_id = ${stored.trace_id})`;
    const { updated_at } = await transaction
      .updateTable("trace_scores")
      .set({
        value,
        numeric_value: numericValue(stored.data_type, value),
        ...(change.reason === undefined ? {} : { reason: change.reason }),
        metadata: toJson(changedMetadata(stored, value, change)),
        ...(change.author_user_id === undefined ? {} : { author_user_id: change.author_user_id }),
        ...(change.value == null ? {} : { corrected: true, content_hash: contentNow }),
        status,
        source: "ANNOTATION",
        updated_at: sql<string>`now_ms()`,
      })
      .where("project_id", "=", projectId)
      .where("id", "=", scoreId)
      .returning("updated_at")
      .executeTakeFirstOrThrow();
    await keepRevision(transaction, stored, updated_at);
    return getTraceScore(transaction, projectId, scoreId);
  });
}

export async function deleteScore(
  db: Database,
  table: "trace_scores" | "session_scores",
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

function numericValue(type: ScoreDataType, value: string | null): number | null {
  return type === "NUMERIC" && value !== null ? Number(value) : null;
}
