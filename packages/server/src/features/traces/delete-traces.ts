import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { notFound } from "../problem.ts";
import { isOneOf, lockTraces, type TraceCondition } from "./lock-traces.ts";

/** Deletes a trace; its spans and scores go with it. */
export async function deleteTrace(db: Database, projectId: string, traceId: string): Promise<void> {
  if ((await deleteTraces(db, projectId, [traceId])) === 0) throw notFound("trace", traceId);
}

/** @returns how many of these traces there were. */
export async function deleteTraces(
  db: Database | DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
): Promise<number> {
  return deleteTracesWhere(db, projectId, isOneOf(traceIds));
}

/** Deletes the traces that `condition` holds for. @returns how many. */
export async function deleteTracesWhere(
  db: Database | DatabaseTransaction,
  projectId: string,
  condition: TraceCondition,
): Promise<number> {
  return inTransaction(db, async (transaction) => {
    const ids = await lockTraces(transaction, projectId, condition);
    await transaction.deleteFrom("traces").where("project_id", "=", projectId).where(isOneOf(ids)).execute();
    return ids.length;
  });
}
