import {
  keptSpans,
  type SpanCreate,
  type SpanResponse,
  type SpansAccepted,
  type SpanUpdate,
  sentWarnings,
} from "@pandaprobe/contract";
import { notFound, patchedMetadata, sentChanges } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { mergeSpans } from "./merge-spans.ts";
import { spanResponse, spanRow, storedSize } from "./span-row.ts";
import { checkTraceSizes } from "./trace-sizes.ts";

/** A null for one of these counts as not sent. */
const neverNull = ["name", "kind", "status", "metadata"] as const;

/** Adds spans to a trace, and merges them into existing ones with the same ids. */
export async function createSpans(
  db: Database | DatabaseTransaction,
  projectId: string,
  traceId: string,
  sent: SpanCreate[],
): Promise<SpansAccepted> {
  const { kept: spans, warnings } = keptSpans(sent);
  return inTransaction(db, async (transaction) => {
    await touchTrace(transaction, projectId, traceId);
    const [span_ids = []] = await mergeSpans(transaction, projectId, [{ traceId, spans, isNew: false }]);
    return { span_ids, ...sentWarnings(warnings) };
  });
}

/** Changes the sent fields of a span. */
export async function updateSpan(
  db: Database,
  projectId: string,
  key: { readonly traceId: string; readonly spanId: string },
  update: SpanUpdate,
): Promise<SpanResponse> {
  const changes = sentChanges(update, neverNull);
  return inTransaction(db, async (transaction) => {
    const isChanged = Object.keys(changes).length > 0;
    if (isChanged) await touchTrace(transaction, projectId, key.traceId);
    const stored = await transaction
      .selectFrom("spans")
      .selectAll()
      .where("project_id", "=", projectId)
      .where("trace_id", "=", key.traceId)
      .where("span_id", "=", key.spanId)
      .executeTakeFirst();
    if (stored === undefined) throw notFound("span", key.spanId);
    if (!isChanged) return spanResponse(stored);
    const { name, started_at } = stored;
    if (changes.metadata !== undefined) patchedMetadata(stored.metadata, changes.metadata);
    const { project_id, trace_id, span_id, ...row } = spanRow(
      { project_id: projectId, trace_id: key.traceId, span_id: key.spanId },
      { name, started_at, ...changes },
      stored,
    );
    const changed = await transaction
      .updateTable("spans")
      .set(row)
      .where("project_id", "=", project_id)
      .where("trace_id", "=", trace_id)
      .where("span_id", "=", span_id)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (row.bytes > storedSize(stored)) {
      await checkTraceSizes(transaction, projectId, [key.traceId]);
    }
    return spanResponse(changed);
  });
}

/** Locks a trace and marks it as changed, since its spans are part of it. @throws ProblemError `not_found` */
async function touchTrace(db: DatabaseTransaction, projectId: string, traceId: string): Promise<void> {
  const result = await db
    .updateTable("traces")
    .set({ updated_at: sql<string>`now_ms()` })
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw notFound("trace", traceId);
}
