import type {
  CreateSpanScoreRequest,
  ScoreChange,
  ScoreDataType,
  SpanScoreResponse,
} from "@pandaprobe/contract";
import { changedMetadata, changedValue, notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { inTransaction } from "../../db/transaction.ts";
import { inPieces, type PageInPieces } from "../pieces.ts";
import { sentColumns, sentValues } from "./sent-score.ts";

/** Adds a score to a span. @throws ProblemError `not_found` */
export async function createSpanScore(
  db: Database,
  projectId: string,
  score: CreateSpanScoreRequest,
): Promise<SpanScoreResponse> {
  const row = await db
    .insertInto("span_scores")
    .columns(["project_id", "trace_id", "span_id", ...sentColumns])
    .expression((select) =>
      select
        .selectFrom("traces")
        .innerJoin("spans", (join) =>
          join
            .onRef("spans.project_id", "=", "traces.project_id")
            .onRef("spans.trace_id", "=", "traces.trace_id"),
        )
        .select(["spans.project_id", "spans.trace_id", "spans.span_id", ...sentValues(score)])
        .where("spans.project_id", "=", projectId)
        .where("spans.trace_id", "=", score.trace_id)
        .where("spans.span_id", "=", score.span_id)
        // The trace stays until the score is stored, so deleting it deletes the score and the stored reply.
        .forKeyShare("traces"),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw notFound("span", score.span_id);
  return row;
}

interface SpanScoreQuery {
  trace_id?: string | undefined;
  span_id?: string | undefined;
  name?: string | undefined;
  data_type?: ScoreDataType | undefined;
  source?: SpanScoreResponse["source"] | undefined;
  author_user_id?: string | undefined;
  date_from?: string | undefined;
  date_to?: string | undefined;
  limit: number;
  offset: number;
}

/** Span scores that match all given filters, newest first. */
export async function listSpanScores(
  db: Database,
  projectId: string,
  query: SpanScoreQuery,
): Promise<PageInPieces<SpanScoreResponse>> {
  const { limit, offset, date_from: from, date_to: to } = query;
  const { trace_id, span_id, name, data_type, source, author_user_id } = query;
  const exact = Object.entries({ trace_id, span_id, name, data_type, source, author_user_id });
  const matching = scoresOf(db, projectId)
    .where((row) => row.and(Object.fromEntries(exact.filter(([, value]) => value !== undefined))))
    .$if(from !== undefined, (scores) => scores.where("created_at", ">=", from ?? ""))
    .$if(to !== undefined, (scores) => scores.where("created_at", "<", to ?? ""));
  const bytes = sql<number>`${storedBytes("reason")} + ${storedBytes("metadata")} + ${storedBytes("value")}`;
  const [{ total }, planned] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .select(["id", bytes.as("bytes")])
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  const read = (ids: string[]) => scoresOf(db, projectId).selectAll().where("id", "in", ids).execute();
  return { total, limit, offset, pieces: inPieces(planned, read) };
}

/** @throws ProblemError `not_found` */
export async function getSpanScore(
  db: Database,
  projectId: string,
  scoreId: string,
): Promise<SpanScoreResponse> {
  const score = await scoresOf(db, projectId).selectAll().where("id", "=", scoreId).executeTakeFirst();
  if (score === undefined) throw notFound("score", scoreId);
  return score;
}

/** Changes the given fields, and makes the score a person's. @throws ProblemError `not_found`, `validation_error` */
export async function updateSpanScore(
  db: Database,
  projectId: string,
  scoreId: string,
  change: ScoreChange,
): Promise<SpanScoreResponse> {
  return inTransaction(db, async (transaction) => {
    const stored = await scoresOf(transaction, projectId)
      .selectAll()
      .where("id", "=", scoreId)
      .forUpdate()
      .executeTakeFirst();
    if (stored === undefined) throw notFound("score", scoreId);
    const { value } = changedValue({ ...stored, status: "SUCCESS" }, change.value);
    return transaction
      .updateTable("span_scores")
      .set({
        value: value ?? stored.value,
        ...(change.reason === undefined ? {} : { reason: change.reason }),
        ...(change.author_user_id === undefined ? {} : { author_user_id: change.author_user_id }),
        metadata: toJson(changedMetadata(stored, value, change)),
        source: "ANNOTATION",
        updated_at: sql<string>`now_ms()`,
      })
      .where("project_id", "=", projectId)
      .where("id", "=", scoreId)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/** @throws ProblemError `not_found` */
export async function deleteSpanScore(db: Database, projectId: string, scoreId: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom("span_scores")
    .where("project_id", "=", projectId)
    .where("id", "=", scoreId)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw notFound("score", scoreId);
}

function scoresOf(db: Database, projectId: string) {
  return db.selectFrom("span_scores").where("project_id", "=", projectId);
}
