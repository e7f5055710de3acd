import { cutFreeText } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { Row } from "../../../db/schema.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { endWork } from "./end-work.ts";

/** Ends a run that cannot go on. What has ended stays; a retry does the rest. A run that has ended is left as it is. */
export async function failRun(db: Database, key: RunKey, reason: string): Promise<void> {
  await inTransaction(db, async (transaction) => {
    await endEarly(transaction, key, reason);
  });
}

/** Ends a run before its time, and all work for it. @returns the run; `undefined` where it had ended, or is gone. */
export async function endEarly(
  db: DatabaseTransaction,
  key: RunKey,
  reason: string,
): Promise<Row<"eval_runs"> | undefined> {
  const run = await db
    .updateTable("eval_runs")
    .set({ status: "FAILED", error_message: cutFreeText(reason), completed_at: sql<string>`now_ms()` })
    .where("project_id", "=", key.project_id)
    .where("id", "=", key.id)
    .where("status", "in", ["PENDING", "RUNNING"])
    .returningAll()
    .executeTakeFirst();
  if (run !== undefined) await endWork(db, key.id);
  return run;
}
