import type { DatabaseTransaction } from "../../db/database.ts";
import type { ChangedRow, Row } from "../../db/schema.ts";

/** The primary key of a monitor. */
export interface MonitorKey {
  readonly project_id: string;
  readonly id: string;
}

/** Changes a monitor that the transaction has locked. @returns the changed monitor. */
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
