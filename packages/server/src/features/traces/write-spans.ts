import type { SpanCreate, SpanResponse, SpanUpdate } from "@pandaprobe/contract";
import {
  keptSpans,
  notFound,
  patchedMetadata,
  type SpanPrices,
  sentChanges,
  withoutComputedCost,
} from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { spanContent } from "../../db/span-content.ts";
import { spanRow, storedSize, unchangedRow } from "../../db/span-row.ts";
import { inTransaction } from "../../db/transaction.ts";
import { gatherSpans, mergeSpans } from "./merge-spans.ts";
import { spanResponse } from "./span-response.ts";
import { changeContent } from "./trace-content.ts";
import { checkTraceSizes } from "./trace-sizes.ts";

/** A null for one of these counts as not sent. */
const neverNull = ["name", "kind", "status", "metadata"] as const;

/** Adds spans to a trace, and merges them into existing ones with the same ids. */
export async function createSpans(
  db: Database | DatabaseTransaction,
  projectId: string,
  traceId: string,
  sent: SpanCreate[],
  prices: SpanPrices,
): Promise<{ readonly span_ids: string[]; readonly warnings: readonly string[] }> {
  const { kept: spans, warnings } = keptSpans(sent);
  return inTransaction(db, async (transaction) => {
    await touchTrace(transaction, projectId, traceId);
    const gathered = gatherSpans(projectId, [{ traceId, spans }], prices);
    await mergeSpans(transaction, projectId, gathered, new Set(), prices);
    const [span_ids = []] = gathered.ids;
    return { span_ids, warnings };
  });
}

/** Changes the sent fields of a span. */
export async function updateSpan(
  db: Database,
  projectId: string,
  key: { readonly traceId: string; readonly spanId: string },
  update: SpanUpdate,
  prices: SpanPrices,
): Promise<SpanResponse> {
  const changes = withoutComputedCost(sentChanges(update, neverNull));
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
    const written = spanRow(stored, { name, started_at, ...changes }, stored, prices);
    const { project_id, trace_id, span_id, ...row } = written;
    const changed = await transaction
      .updateTable("spans")
      .set(row)
      .where("project_id", "=", project_id)
      .where("trace_id", "=", trace_id)
      .where("span_id", "=", span_id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const change = spanContent(unchangedRow(stored)) ^ spanContent(written);
    await changeContent(transaction, projectId, new Map([[trace_id, change]]));
    if (row.bytes > storedSize(stored)) {
      await checkTraceSizes(transaction, projectId, [key.traceId]);
    }
    return spanResponse(changed);
  });
}

/** Locks a trace and marks it as changed, because its spans are part of it. @throws ProblemError `not_found` */
async function touchTrace(db: DatabaseTransaction, projectId: string, traceId: string): Promise<void> {
  const result = await db
    .updateTable("traces")
    .set({ updated_at: sql<string>`now_ms()` })
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw notFound("trace", traceId);
}
