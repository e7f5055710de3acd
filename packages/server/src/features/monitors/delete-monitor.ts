import { notFound } from "@pandaprobe/contract/rules";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";

/** Deletes a monitor. Its runs stay. @throws ProblemError `not_found` */
export async function deleteMonitor(db: Database, projectId: string, monitorId: string): Promise<void> {
  // In a transaction that is retried, because the cascade locks the runs in no fixed order and may deadlock.
  const { numDeletedRows } = await inTransaction(db, (transaction) =>
    transaction
      .deleteFrom("monitors")
      .where("project_id", "=", projectId)
      .where("id", "=", monitorId)
      .executeTakeFirstOrThrow(),
  );
  if (numDeletedRows === 0n) throw notFound("monitor", monitorId);
}
