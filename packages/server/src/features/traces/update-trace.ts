import type { TraceUpdate } from "@pandaprobe/contract";
import { metadataTooLarge, notFound, sentChanges } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { hasLargeMetadata, mergedJson } from "./merged-columns.ts";
import { traceRow } from "./trace-row.ts";

/** A null for one of these counts as not sent. */
const neverNull = ["name", "status", "metadata", "tags"] as const;

/** Changes only the sent fields of a trace, so that concurrent changes of other fields survive. */
export async function updateTrace(
  db: Database,
  projectId: string,
  traceId: string,
  update: TraceUpdate,
): Promise<void> {
  const changes = sentChanges(update, neverNull);
  const { started_at: _, ...row } = traceRow({ name: "", started_at: "", ...changes });
  const columns = Object.fromEntries(Object.entries(row).filter(([column]) => column in changes));
  if (Object.keys(columns).length === 0) return;
  const { metadata } = columns;
  const merged =
    metadata === undefined ? {} : { metadata: mergedJson(sql.ref("metadata"), sql`${metadata}::json`) };
  await inTransaction(db, async (transaction) => {
    const updated = await transaction
      .updateTable("traces")
      .set({ ...columns, ...merged, updated_at: sql<string>`now_ms()` })
      .where("project_id", "=", projectId)
      .where("trace_id", "=", traceId)
      .returning(hasLargeMetadata.as("isLarge"))
      .executeTakeFirst();
    if (updated === undefined) throw notFound("trace", traceId);
    if (metadata !== undefined && updated.isLarge) throw metadataTooLarge();
  });
}
