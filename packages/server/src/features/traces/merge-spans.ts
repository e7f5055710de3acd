import { mergedMetadata, type SpanCreate } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { NewRow, Row } from "../../db/schema.ts";
import { spanRow, storedSize } from "./span-row.ts";
import { checkNewTraceSizes, checkTraceSizes } from "./trace-sizes.ts";

/** The spans that were sent for a trace. */
interface SpansOfTrace {
  readonly traceId: string;
  readonly spans: readonly SpanCreate[];
  /** Whether the trace was just created, so it has no spans to merge with. */
  readonly isNew: boolean;
}

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly isNew: boolean;
  readonly sent: SpanCreate;
}

/** A statement has at most 65,535 parameters, and a span 25 columns. */
const rowsPerStatement = 1000;

/**
 * Writes spans of traces whose rows the transaction has locked. Spans with the same id are merged in order.
 *
 * @returns the ids of each trace's spans, in the order they were sent.
 * @throws TracesTooLargeError if traces have grown over their limits.
 */
export async function mergeSpans(
  db: DatabaseTransaction,
  projectId: string,
  traces: readonly SpansOfTrace[],
): Promise<string[][]> {
  const spans = new Map<string, SentSpan>();
  const ids = traces.map(({ traceId, isNew, spans: sent }) =>
    sent.map((span) => {
      const spanId = span.span_id ?? uuidv7();
      const key = keyOf(traceId, spanId);
      const before = spans.get(key)?.sent;
      const metadata = mergedMetadata(before?.metadata, span.metadata);
      spans.set(key, { traceId, spanId, isNew, sent: { ...before, ...span, metadata } });
      return spanId;
    }),
  );
  const stored = await storedSpans(
    db,
    projectId,
    [...spans.values()].filter(({ isNew }) => !isNew),
  );
  const rows = [...spans].map(([key, { traceId, spanId, sent }]) =>
    spanRow({ project_id: projectId, trace_id: traceId, span_id: spanId }, sent, stored.get(key)),
  );
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await upsertSpans(db, rows.slice(start, start + rowsPerStatement));
  }
  const newTraces = new Set(traces.filter(({ isNew }) => isNew).map(({ traceId }) => traceId));
  checkNewTraceSizes(rows.filter((row) => newTraces.has(row.trace_id)));
  const grown = rows.filter((row) => {
    if (newTraces.has(row.trace_id)) return false;
    const before = stored.get(keyOf(row.trace_id, row.span_id));
    return before === undefined || row.bytes > storedSize(before);
  });
  await checkTraceSizes(db, projectId, [...new Set(grown.map(({ trace_id }) => trace_id))]);
  return ids;
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId} ${spanId}`;
}

async function upsertSpans(db: DatabaseTransaction, rows: readonly NewRow<"spans">[]): Promise<void> {
  await db
    .insertInto("spans")
    .values(rows)
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
        started_ns: row.ref("excluded.started_ns"),
        ended_at: row.ref("excluded.ended_at"),
        error: row.ref("excluded.error"),
        completion_start_time: row.ref("excluded.completion_start_time"),
        model_parameters: row.ref("excluded.model_parameters"),
        cost: row.ref("excluded.cost"),
        total_tokens: row.ref("excluded.total_tokens"),
        total_cost: row.ref("excluded.total_cost"),
        prompt_tokens: row.ref("excluded.prompt_tokens"),
        completion_tokens: row.ref("excluded.completion_tokens"),
        bytes: row.ref("excluded.bytes"),
      })),
    )
    .execute();
}

async function storedSpans(
  db: DatabaseTransaction,
  projectId: string,
  spans: readonly SentSpan[],
): Promise<Map<string, Row<"spans">>> {
  if (spans.length === 0) return new Map();
  const traceIds = spans.map(({ traceId }) => traceId);
  const spanIds = spans.map(({ spanId }) => spanId);
  const rows = await db
    .selectFrom("spans")
    .innerJoin(
      sql<{ trace_id: string; span_id: string }>`unnest(${traceIds}::uuid[], ${spanIds}::uuid[])`.as<"sent">(
        sql`sent(trace_id, span_id)`,
      ),
      (join) =>
        join.onRef("spans.trace_id", "=", "sent.trace_id").onRef("spans.span_id", "=", "sent.span_id"),
    )
    .selectAll("spans")
    .where("project_id", "=", projectId)
    .execute();
  return new Map(rows.map((row) => [keyOf(row.trace_id, row.span_id), row]));
}
