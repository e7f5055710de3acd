import type { SessionSummary } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { deleteTracesWhere, eraseReplies } from "../traces/delete-traces.ts";
import { type Traces, tracesInPieces } from "../traces/trace-texts.ts";
import { sessionSummary, summarizedSessions } from "./session-summary.ts";

/** A session, and a page of its traces in the order they started. */
interface SessionInPieces {
  readonly summary: SessionSummary;
  readonly traces: Traces;
}

/** @throws ProblemError `not_found` */
export async function getSession(
  db: Database,
  projectId: string,
  sessionId: string,
  page: { limit: number; offset: number },
): Promise<SessionInPieces> {
  const row = await summarizedSessions(db, projectId).where("session_id", "=", sessionId).executeTakeFirst();
  if (row === undefined) throw notFound("session", sessionId);
  const traces = await db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where("session_id", "=", sessionId)
    .orderBy("started_at")
    .orderBy("trace_id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const ids = traces.map((trace) => trace.trace_id);
  return { summary: sessionSummary(row), traces: await tracesInPieces(db, projectId, ids) };
}

/**
 * Deletes a session: its traces with their spans and scores, its own scores, and its items in review queues.
 *
 * @returns how many traces it had: 0 if only scores were left.
 */
export async function deleteSession(db: Database, projectId: string, sessionId: string): Promise<number> {
  return inTransaction(db, async (transaction) => {
    const deleted = await deleteTracesWhere(transaction, projectId, (row) =>
      row("session_id", "=", sessionId),
    );
    await eraseReplies(transaction, projectId, "session_id", [sessionId]);
    await transaction
      .deleteFrom("review_items")
      .where("project_id", "=", projectId)
      .where("session_id", "=", sessionId)
      .execute();
    const { numDeletedRows: deletedScores } = await transaction
      .deleteFrom("session_scores")
      .where("project_id", "=", projectId)
      .where("session_id", "=", sessionId)
      .executeTakeFirst();
    if (deleted === 0 && deletedScores === 0n) throw notFound("session", sessionId);
    return deleted;
  });
}
