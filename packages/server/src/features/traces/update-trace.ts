import type { TraceUpdate } from "@pandaprobe/contract";
import { notFound, sentChanges } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { traceRow } from "./trace-row.ts";

/** A null for one of these counts as not sent. */
const neverNull = ["name", "status", "metadata", "tags"] as const;

/** Changes the sent fields of a trace and no others, so that concurrent changes of other fields survive. */
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
