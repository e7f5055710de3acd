import { notFound } from "@pandaprobe/contract/rules";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { deleteTracesWhere } from "../traces/delete-traces.ts";

/**
 * Deletes a session: its traces with their spans and scores, and its own scores.
 *
 * @returns how many traces it had: 0 where only scores were left of it.
 */
export async function deleteSession(db: Database, projectId: string, sessionId: string): Promise<number> {
  return inTransaction(db, async (transaction) => {
    const deleted = await deleteTracesWhere(transaction, projectId, (row) =>
      row("session_id", "=", sessionId),
    );
    const { numDeletedRows: deletedScores } = await transaction
      .deleteFrom("session_scores")
      .where("project_id", "=", projectId)
      .where("session_id", "=", sessionId)
      .executeTakeFirst();
    if (deleted === 0 && deletedScores === 0n) throw notFound("session", sessionId);
    return deleted;
  });
}
