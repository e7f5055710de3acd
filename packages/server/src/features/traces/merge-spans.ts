import type { SpanCreate } from "@pandaprobe/contract";
import { mergedMetadata, type SpanPrices, withoutComputedCost } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { columnArrays } from "../../db/column-arrays.ts";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { spanColumns } from "../../db/span-columns.ts";
import { spanContent } from "../../db/span-content.ts";
import { type SpanRow, spanRow, storedSize, unchangedRow } from "../../db/span-row.ts";
import { insertSpans } from "./insert-spans.ts";
import { changeContent } from "./trace-content.ts";
import { checkNewTraceSizes, checkTraceSizes } from "./trace-sizes.ts";

/** The spans that were sent for a trace. */
interface SpansOfTrace {
  readonly traceId: string;
  readonly spans: readonly SpanCreate[];
}

interface SentSpan {
  readonly traceId: string;
  readonly sent: SpanCreate;
  /** The row to store if there is no span with its id. */
  readonly row: SpanRow;
}

/** The spans of one request. Those with the same id are merged in order. */
export interface SentSpans {
  /** The ids of each trace's spans, in the order they were sent. */
  readonly ids: readonly string[][];
  readonly byKey: ReadonlyMap<string, SentSpan>;
  /** The spans' part of the `content_hash` of each trace that has none of them yet. */
  readonly contents: ReadonlyMap<string, bigint>;
}

/** Between these, the event loop is free. */
const rowsPerStatement = 1000;

/** Prepares sent spans for {@link mergeSpans}. */
export function gatherSpans(
  projectId: string,
  traces: readonly SpansOfTrace[],
  prices: SpanPrices,
): SentSpans {
  const sentByKey = new Map<string, { traceId: string; spanId: string; sent: SpanCreate }>();
  const ids = traces.map(({ traceId, spans }) =>
    spans.map(withoutComputedCost).map((span) => {
      const spanId = span.span_id ?? uuidv7();
      const key = keyOf(traceId, spanId);
      const before = sentByKey.get(key)?.sent;
      const metadata = mergedMetadata(before?.metadata, span.metadata);
      sentByKey.set(key, { traceId, spanId, sent: { ...before, ...span, metadata } });
      return spanId;
    }),
  );
  const byKey = new Map<string, SentSpan>();
  const contents = new Map<string, bigint>();
  for (const [key, { traceId, spanId, sent }] of sentByKey) {
    const row = spanRow(
      { project_id: projectId, trace_id: traceId, span_id: spanId },
      sent,
      undefined,
      prices,
    );
    byKey.set(key, { traceId, sent, row });
    contents.set(traceId, (contents.get(traceId) ?? 0n) ^ spanContent(row));
  }
  return { ids, byKey, contents };
}

/**
 * Writes spans of traces whose rows the transaction has locked.
 *
 * @param newTraces the traces that were just created, with the `contents` of these spans.
 * @throws TracesTooLargeError if traces have grown over their limits.
 */
export async function mergeSpans(
  db: DatabaseTransaction,
  projectId: string,
  { byKey }: SentSpans,
  newTraces: ReadonlySet<string>,
  prices: SpanPrices,
): Promise<void> {
  const stored = await storedSpans(
    db,
    projectId,
    [...byKey.values()].map(({ row }) => row).filter((row) => !newTraces.has(row.trace_id)),
  );
  const changes = new Map<string, bigint>();
  const rows = [...byKey].map(([key, { traceId, sent, row }]) => {
    if (newTraces.has(traceId)) return row;
    const before = stored.get(key);
    const merged = before === undefined ? row : spanRow(row, sent, before, prices);
    const replaced = before === undefined ? 0n : spanContent(unchangedRow(before));
    changes.set(traceId, (changes.get(traceId) ?? 0n) ^ replaced ^ spanContent(merged));
    return merged;
  });
  const traceIds = new Set(rows.map(({ trace_id }) => trace_id));
  const [made, known] = [traceIds.intersection(newTraces), traceIds.difference(newTraces)];
  const traces = { made: [...made], known: [...known] };
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const some = rows.slice(start, start + rowsPerStatement);
    const spans = { columns: spanColumns, arrays: columnArrays(spanColumns, some) };
    await insertSpans(db, projectId, spans, traces);
  }
  await changeContent(db, projectId, changes);
  checkNewTraceSizes(rows.filter((row) => newTraces.has(row.trace_id)));
  const grown = rows.filter((row) => {
    if (newTraces.has(row.trace_id)) return false;
    const before = stored.get(keyOf(row.trace_id, row.span_id));
    return before === undefined || row.bytes > storedSize(before);
  });
  await checkTraceSizes(db, projectId, [...new Set(grown.map(({ trace_id }) => trace_id))]);
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId} ${spanId}`;
}

async function storedSpans(
  db: DatabaseTransaction,
  projectId: string,
  spans: readonly Pick<Row<"spans">, "trace_id" | "span_id">[],
): Promise<Map<string, Row<"spans">>> {
  if (spans.length === 0) return new Map();
  const traceIds = spans.map(({ trace_id }) => trace_id);
  const spanIds = spans.map(({ span_id }) => span_id);
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
