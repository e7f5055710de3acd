import type { DatabaseTransaction } from "../../db/database.ts";
import type { ChangedRow, Row } from "../../db/schema.ts";
import type { MonitorKey } from "./monitor-key.ts";

/** Changes a monitor that the transaction has locked. @returns the monitor as it is then. */
export async function setFields(
  db: DatabaseTransaction,
  monitor: MonitorKey,
  fields: ChangedRow<"monitors">,
): Promise<Row<"monitors">> {
  return db
    .updateTable("monitors")
    .set(fields)
    .where("project_id", "=", monitor.project_id)
    .where("id", "=", monitor.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
