import type { SpanCreate, TraceCreate } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import { spanRow } from "./span-row.ts";

/**
 * Stores a trace with its spans, or updates the one of that id: then only what was sent changes, and spans are merged
 * by their ids. When it returns inside no outer transaction, the trace is durable.
 *
 * @returns the trace's id.
 */
export async function storeTrace(
  db: Database | DatabaseTransaction,
  projectId: string,
  trace: TraceCreate,
): Promise<string> {
  const traceId = trace.trace_id ?? uuidv7();
  await inTransaction(db, async (transaction) => {
    const { inserted } = await upsertTrace(transaction, projectId, traceId, trace);
    // The row of the trace is locked by now: whoever else writes its spans waits for us.
    await mergeSpans(transaction, projectId, traceId, trace.spans ?? [], { merge: !inserted });
  });
  return traceId;
}

async function upsertTrace(db: DatabaseTransaction, projectId: string, traceId: string, trace: TraceCreate) {
  const row = {
    name: trace.name,
    status: trace.status ?? "COMPLETED",
    input: toJson(trace.input),
    output: toJson(trace.output),
    metadata: toJson(trace.metadata ?? {}),
    started_at: trace.started_at,
    ended_at: trace.ended_at ?? null,
    session_id: trace.session_id ?? null,
    user_id: trace.user_id ?? null,
    tags: trace.tags ?? [],
    environment: trace.environment ?? null,
    release: trace.release ?? null,
  };
  const sent = Object.fromEntries(Object.entries(row).filter(([column]) => column in trace));
  return db
    .insertInto("traces")
    .values({ project_id: projectId, trace_id: traceId, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(["project_id", "trace_id"])
        .doUpdateSet({ ...sent, updated_at: sql<string>`now_ms()` }),
    )
    .returning(sql<boolean>`xmax = 0`.as("inserted"))
    .executeTakeFirstOrThrow();
}

/** Writes spans of a trace whose row the transaction has locked. An id that is sent twice counts as sent in turn. */
export async function mergeSpans(
  db: DatabaseTransaction,
  projectId: string,
  traceId: string,
  spans: readonly SpanCreate[],
  options: { merge: boolean },
): Promise<string[]> {
  if (spans.length === 0) return [];
  const sent = new Map<string, SpanCreate>();
  const ids = spans.map((span) => span.span_id ?? uuidv7());
  for (const [index, span] of spans.entries()) {
    const id = ids[index] ?? uuidv7();
    sent.set(id, { ...sent.get(id), ...span });
  }
  const stored = options.merge ? await storedSpans(db, projectId, traceId, [...sent.keys()]) : new Map();
  await db
    .insertInto("spans")
    .values(
      [...sent].map(([id, span]) =>
        spanRow({ project_id: projectId, trace_id: traceId, span_id: id }, span, stored.get(id)),
      ),
    )
    .onConflict((conflict) =>
      conflict.columns(["project_id", "trace_id", "span_id"]).doUpdateSet((row) => ({
        parent_span_id: row.ref("excluded.parent_span_id"),
        name: row.ref("excluded.name"),
        kind: row.ref("excluded.kind"),
        status: row.ref("excluded.status"),
        input: row.ref("excluded.input"),
        output: row.ref("excluded.output"),
        model: row.ref("excluded.model"),
        token_usage: row.ref("excluded.token_usage"),
        metadata: row.ref("excluded.metadata"),
        started_at: row.ref("excluded.started_at"),
        ended_at: row.ref("excluded.ended_at"),
        error: row.ref("excluded.error"),
        completion_start_time: row.ref("excluded.completion_start_time"),
        model_parameters: row.ref("excluded.model_parameters"),
        cost: row.ref("excluded.cost"),
        total_tokens: row.ref("excluded.total_tokens"),
        total_cost: row.ref("excluded.total_cost"),
      })),
    )
    .execute();
  return ids;
}

async function storedSpans(
  db: DatabaseTransaction,
  projectId: string,
  traceId: string,
  ids: string[],
): Promise<Map<string, Row<"spans">>> {
  const rows = await db
    .selectFrom("spans")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .where("span_id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.span_id, row]));
}
