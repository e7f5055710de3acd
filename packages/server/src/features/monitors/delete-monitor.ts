import { notFound } from "@pandaprobe/contract/rules";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";

/** Deletes a monitor; its runs stay, without one. @throws ProblemError `not_found` */
export async function deleteMonitor(db: Database, projectId: string, monitorId: string): Promise<void> {
  // In a transaction that is tried again: its runs are locked in whatever order, and others may hold them.
  const { numDeletedRows } = await inTransaction(db, (transaction) =>
    transaction
      .deleteFrom("monitors")
      .where("project_id", "=", projectId)
      .where("id", "=", monitorId)
      .executeTakeFirstOrThrow(),
  );
  if (numDeletedRows === 0n) throw notFound("monitor", monitorId);
}
