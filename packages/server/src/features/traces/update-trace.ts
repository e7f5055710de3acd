import type { TraceUpdate } from "@pandaprobe/contract";
import { notFound, sentChanges } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { traceRow } from "./trace-row.ts";

/** These cannot be null: a null that is sent for one of them counts as left out. */
const neverNull = ["name", "status", "metadata", "tags"] as const;

/** Changes what was sent of a trace, and nothing else: whoever changes other fields at the same time loses nothing. */
export async function updateTrace(
  db: Database,
  projectId: string,
  traceId: string,
  update: TraceUpdate,
): Promise<void> {
  const changes = sentChanges(update, neverNull);
  const { started_at: _, ...row } = traceRow({ name: "", started_at: "", ...changes });
  const columns = Object.fromEntries(Object.entries(row).filter(([column]) => column in changes));
  if (Object.keys(columns).length > 0) {
    const result = await db
      .updateTable("traces")
      .set({ ...columns, updated_at: sql<string>`now_ms()` })
      .where("project_id", "=", projectId)
      .where("trace_id", "=", traceId)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) throw notFound("trace", traceId);
  }
}
