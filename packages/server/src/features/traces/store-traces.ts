import type { TraceCreate } from "@pandaprobe/contract";
import {
  droppedTags,
  droppedTagsWarning,
  keptMetadata,
  keptTrace,
  mergedMetadata,
  type SpanPrices,
  unitedTags,
} from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inSavepoint } from "../../db/savepoint.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction, isTransaction } from "../../db/transaction.ts";
import { gatherSpans, mergeSpans } from "./merge-spans.ts";
import { hasLargeMetadata, mergedJson, unitedColumn } from "./merged-columns.ts";
import { type TraceColumn, traceRow } from "./trace-row.ts";
import { TracesTooLargeError } from "./trace-sizes.ts";

interface StoredTrace {
  readonly trace_id: string;
  readonly isNew: boolean;
  /** Warnings for the sender about what was cut or dropped. */
  readonly warnings: readonly string[];
}

type IdentifiedTrace = TraceCreate & { readonly trace_id: string };

/**
 * Stores traces with their spans. In an existing trace, only the sent fields change, and spans are merged by id.
 * Traces with the same id are merged in order. Unless `db` is a transaction, all are durable when this returns.
 *
 * @returns the result for each, in the order of the traces.
 * @throws TracesTooLargeError if some of them would become too large. Then none is stored.
 */
export async function storeTraces(
  db: Database | DatabaseTransaction,
  projectId: string,
  traces: readonly TraceCreate[],
  prices: SpanPrices,
): Promise<StoredTrace[]> {
  if (traces.length === 0) return [];
  const stored = traces.map((trace) => {
    const { kept, warnings } = keptTrace(trace);
    return { trace: { ...kept, trace_id: trace.trace_id ?? uuidv7() }, warnings };
  });
  const distinct = mergedById(stored.map(({ trace }) => trace));
  const spans = gatherSpans(
    projectId,
    distinct.map(({ trace_id, spans: sent = [] }) => ({ traceId: trace_id, spans: sent })),
    prices,
  );
  const upserted = await inTransaction(db, async (transaction) => {
    const upserts = await upsertTraces(transaction, projectId, distinct, spans.contents);
    const newTraces = new Set([...upserts].filter(([, { isNew }]) => isNew).map(([id]) => id));
    // The traces' rows are locked now, so other writers of their spans wait.
    await mergeSpans(transaction, projectId, spans, newTraces, prices);
    return upserts;
  });
  return stored.map(({ trace: { trace_id, tags }, warnings }) => {
    const { isNew = true, tags: all = [] } = upserted.get(trace_id) ?? {};
    const dropped = droppedTags(all, tags);
    return {
      trace_id,
      isNew,
      warnings: dropped === 0 ? warnings : [...warnings, droppedTagsWarning(dropped)],
    };
  });
}

/**
 * {@link storeTraces} for the traces that fit: one that would become too large does not affect the others.
 *
 * @returns the result for each, in the order of the traces.
 */
export async function storeTracesThatFit(
  db: Database | DatabaseTransaction,
  projectId: string,
  traces: readonly TraceCreate[],
  prices: SpanPrices,
): Promise<(StoredTrace | TracesTooLargeError)[]> {
  const refused = new Map<string, TracesTooLargeError>();
  const identified = traces.map((trace) => ({ ...trace, trace_id: trace.trace_id ?? uuidv7() }));
  for (;;) {
    const fitting = identified.filter(({ trace_id }) => !refused.has(trace_id));
    try {
      const stored = (await storeOrUndo(db, projectId, fitting, prices)).values();
      return identified.map(({ trace_id }) => {
        const result = refused.get(trace_id) ?? stored.next().value;
        if (result === undefined) throw new Error("A trace that fits has no result.");
        return result;
      });
    } catch (error) {
      if (!(error instanceof TracesTooLargeError)) throw error;
      for (const id of error.traceIds) refused.set(id, new TracesTooLargeError([id]));
    }
  }
}

/** A failure inside an outer transaction undoes only this. */
function storeOrUndo(
  db: Database | DatabaseTransaction,
  projectId: string,
  traces: readonly TraceCreate[],
  prices: SpanPrices,
): Promise<StoredTrace[]> {
  return isTransaction(db)
    ? inSavepoint(db, () => storeTraces(db, projectId, traces, prices))
    : storeTraces(db, projectId, traces, prices);
}

/** Sorted by id: traces are always locked in this order, so that no two transactions deadlock. */
function mergedById(traces: readonly IdentifiedTrace[]): IdentifiedTrace[] {
  const merged = new Map<string, IdentifiedTrace>();
  for (const trace of traces) {
    const before = merged.get(trace.trace_id);
    const spans = [...(before?.spans ?? []), ...(trace.spans ?? [])];
    if (before === undefined) merged.set(trace.trace_id, trace);
    else merged.set(trace.trace_id, { ...mergedTraces(before, trace), spans });
  }
  return [...merged.values()].sort((a, b) => (a.trace_id < b.trace_id ? -1 : 1));
}

/** Two POSTs of the same trace, as one. */
function mergedTraces(first: IdentifiedTrace, second: IdentifiedTrace): IdentifiedTrace {
  const metadata = mergedMetadata(first.metadata, second.metadata);
  return { ...first, ...second, metadata, tags: unitedTags(first.tags, second.tags) };
}

interface Upserted {
  readonly isNew: boolean;
  readonly tags: readonly string[];
}

/** @returns the result of each, by id. */
async function upsertTraces(
  db: DatabaseTransaction,
  projectId: string,
  traces: readonly IdentifiedTrace[],
  spanContents: ReadonlyMap<string, bigint>,
): Promise<Map<string, Upserted>> {
  const rows = traces.map((trace) => ({
    project_id: projectId,
    trace_id: trace.trace_id,
    ...traceRow(trace),
    content_hash: (spanContents.get(trace.trace_id) ?? 0n).toString(),
  }));
  const stored = await db
    .insertInto("traces")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["project_id", "trace_id"])
        .doUpdateSet({ ...sentColumns(traces), updated_at: sql<string>`now_ms()` }),
    )
    .returning(["trace_id", "tags", sql<boolean>`xmax = 0`.as("isNew"), hasLargeMetadata.as("isLarge")])
    .execute();
  // One at a time: together they might not fit into memory.
  for (const { trace_id } of stored.filter(({ isLarge }) => isLarge)) {
    await cutStoredMetadata(db, projectId, trace_id);
  }
  return new Map(stored.map(({ trace_id, ...upserted }) => [trace_id, upserted]));
}

/** Metadata that was sent in parts can be too large in all. */
async function cutStoredMetadata(db: DatabaseTransaction, projectId: string, traceId: string): Promise<void> {
  const { metadata } = await db
    .selectFrom("traces")
    .select("metadata")
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .executeTakeFirstOrThrow();
  await db
    .updateTable("traces")
    .set({ metadata: toJson(keptMetadata(metadata)) })
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .execute();
}

/** The columns that an upsert changes in an existing row: those sent for it. Usually all traces send the same ones. */
function sentColumns(traces: readonly IdentifiedTrace[]) {
  return Object.fromEntries(
    traceColumns.flatMap((column) => {
      const senders = traces.filter((trace) => column in trace);
      if (senders.length === 0) return [];
      const [given, stored] = [sql.ref(`excluded.${column}`), sql.ref(`traces.${column}`)];
      const sent = mergedColumn[column]?.(stored, given) ?? given;
      const ids = senders.map(({ trace_id }) => trace_id);
      return [
        [
          column,
          senders.length === traces.length
            ? sent
            : sql`case when excluded.trace_id = any(${ids}::uuid[]) then ${sent} else ${stored} end`,
        ],
      ];
    }),
  );
}

const mergedColumn: { readonly [Column in TraceColumn]?: typeof mergedJson } = {
  metadata: mergedJson,
  tags: unitedColumn,
};

const traceColumns = Object.keys(traceRow({ name: "", started_at: "" })) as TraceColumn[];
