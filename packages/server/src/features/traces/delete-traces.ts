import { notFound } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { eraseAnswers } from "../../judge/ledger/erase-answers.ts";
import { eraseSessionQuotes } from "./erase-session-quotes.ts";
import { isOneOf, lockTraces, type TraceCondition } from "./lock-traces.ts";

/** Deletes a trace with its spans and scores, and erases everything derived from its text. */
export async function deleteTrace(db: Database, projectId: string, traceId: string): Promise<void> {
  if ((await deleteTraces(db, projectId, [traceId])) === 0) throw notFound("trace", traceId);
}

/** @returns how many of these traces existed. */
export async function deleteTraces(
  db: Database | DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
): Promise<number> {
  return deleteTracesWhere(db, projectId, isOneOf(traceIds));
}

/** Deletes the traces that match `condition`. @returns how many. */
export async function deleteTracesWhere(
  db: Database | DatabaseTransaction,
  projectId: string,
  condition: TraceCondition,
): Promise<number> {
  return inTransaction(db, async (transaction) => {
    const ids = await lockTraces(transaction, projectId, condition);
    if (ids.length === 0) return 0;
    await eraseAnswers(transaction, projectId, ids);
    await eraseReplies(transaction, projectId, "trace_id", ids);
    await eraseSessionQuotes(transaction, projectId, ids);
    await transaction
      .deleteFrom("otel_messages")
      .where("project_id", "=", projectId)
      .where(sql<boolean>`trace_id = any(${ids}::uuid[])`)
      .execute();
    await transaction.deleteFrom("traces").where("project_id", "=", projectId).where(isOneOf(ids)).execute();
    return ids.length;
  });
}

/** Erases stored answers to requests that created scores of these traces or sessions, since they contain the scores. */
export async function eraseReplies(
  db: DatabaseTransaction,
  projectId: string,
  field: "trace_id" | "session_id",
  ids: readonly string[],
): Promise<void> {
  await sql`
    delete from idempotency_keys
    where project_id = ${projectId} and status = 201 and body ->> ${sql.lit(field)} = any (${ids}::text[])`.execute(
    db,
  );
}
