import type { SortOrder, TraceListItem, TracePage, TraceResponse, TraceSortBy } from "@pandaprobe/contract";
import { type ExpressionBuilder, type OrderByItemBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Row, Schema } from "../../db/schema.ts";
import { spanResponse } from "./span-row.ts";
import { matchesFilters, type TraceFilters } from "./trace-filters.ts";

export interface TraceListQuery extends TraceFilters {
  sort_by: TraceSortBy;
  sort_order: SortOrder;
  limit: number;
  offset: number;
}

/** How long a trace took, in milliseconds; null while it goes on. */
export const latencyMs = sql<number | null>`(extract(epoch from ended_at - started_at) * 1000)::float8`;

export async function listTraces(db: Database, projectId: string, query: TraceListQuery): Promise<TracePage> {
  const matching = db.selectFrom("traces").where("project_id", "=", projectId).where(matchesFilters(query));
  const direction = (order: OrderByItemBuilder) =>
    (query.sort_order === "asc" ? order.asc() : order.desc()).nullsLast();
  const [{ total }, items] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .select([
        "trace_id",
        "name",
        "status",
        "started_at",
        "ended_at",
        "session_id",
        "user_id",
        "tags",
        "environment",
        "release",
        latencyMs.as("latency_ms"),
      ])
      .select(summedSpans)
      .orderBy(query.sort_by === "latency" ? latencyMs : query.sort_by, direction)
      .orderBy("trace_id", query.sort_order)
      .limit(query.limit)
      .offset(query.offset)
      .execute(),
  ]);
  return { items: items.map(listItem), total, limit: query.limit, offset: query.offset };
}

/** The traces of these ids that exist, in the order of the ids, each with its spans. */
export async function readTraces(
  db: Database,
  projectId: string,
  traceIds: string[],
): Promise<TraceResponse[]> {
  if (traceIds.length === 0) return [];
  const [traces, spans] = await Promise.all([
    db
      .selectFrom("traces")
      .selectAll()
      .where("project_id", "=", projectId)
      .where("trace_id", "in", traceIds)
      .execute(),
    db
      .selectFrom("spans")
      .selectAll()
      .where("project_id", "=", projectId)
      .where("trace_id", "in", traceIds)
      .orderBy("started_at")
      .orderBy("seq")
      .execute(),
  ]);
  const byId = new Map(traces.map((trace) => [trace.trace_id, trace]));
  const spansOf = Map.groupBy(spans, (span) => span.trace_id);
  return traceIds.flatMap((id) => {
    const trace = byId.get(id);
    return trace === undefined ? [] : [traceResponse(trace, spansOf.get(id) ?? [])];
  });
}

function traceResponse(trace: Row<"traces">, spans: Row<"spans">[]): TraceResponse {
  return { ...traceFields(trace), ...spanTotals(spans), spans: spans.map(spanResponse) };
}

/** What is answered of a trace's own row. */
export function traceFields(trace: Row<"traces">) {
  const {
    created_at: _created,
    updated_at: _updated,
    changed_xid: _changed,
    content_bytes: _bytes,
    ...fields
  } = trace;
  return fields;
}

/** What the spans of a trace used. */
export function spanTotals(spans: readonly Pick<Row<"spans">, "total_tokens" | "total_cost">[]) {
  return {
    total_tokens: cappedTokens(spans.reduce((sum, span) => sum + span.total_tokens, 0)),
    total_cost: spans.reduce((sum, span) => sum + span.total_cost, 0),
  };
}

function listItem(row: TraceListItem): TraceListItem {
  return { ...row, total_tokens: cappedTokens(row.total_tokens) };
}

/** Sums of absurd counts stay integers that JSON can carry. */
export function cappedTokens(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

function summedSpans(row: ExpressionBuilder<Schema, "traces">) {
  const spans = row
    .selectFrom("spans")
    .whereRef("spans.project_id", "=", "traces.project_id")
    .whereRef("spans.trace_id", "=", "traces.trace_id");
  return [
    spans
      .select((span) => span.fn.countAll<number>().as("n"))
      .$asScalar()
      .$notNull()
      .as("span_count"),
    spans
      .select(sql<number>`coalesce(sum(total_tokens), 0)`.as("n"))
      .$asScalar()
      .$notNull()
      .as("total_tokens"),
    spans.select(sql<number>`coalesce(sum(total_cost), 0)`.as("n")).$asScalar().$notNull().as("total_cost"),
  ] as const;
}
