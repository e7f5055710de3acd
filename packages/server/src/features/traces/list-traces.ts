import type { SortOrder, TraceListItem, TracePage, TraceSortBy } from "@pandaprobe/contract";
import { type ExpressionBuilder, type OrderByItemBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import { cappedTokens, latencyMs } from "./read-traces.ts";
import { matchesFilters, type TraceFilters } from "./trace-filters.ts";

interface TraceListQuery extends TraceFilters {
  sort_by: TraceSortBy;
  sort_order: SortOrder;
  limit: number;
  offset: number;
}

export async function listTraces(db: Database, projectId: string, query: TraceListQuery): Promise<TracePage> {
  const matching = db.selectFrom("traces").where("project_id", "=", projectId).where(matchesFilters(query));
  const key = query.sort_by === "latency" ? latencyMs : query.sort_by;
  const direction = (order: OrderByItemBuilder) => {
    const directed = query.sort_order === "asc" ? order.asc() : order.desc();
    // Where there are no nulls, saying where they go would keep PostgreSQL from using an index.
    return query.sort_by === "latency" || query.sort_by === "ended_at" ? directed.nullsLast() : directed;
  };
  // Found first, because PostgreSQL would sum up the spans of the traces that `offset` skips, too.
  const page = matching
    .select("trace_id")
    .orderBy(key, direction)
    .orderBy("trace_id", query.sort_order)
    .limit(query.limit)
    .offset(query.offset);
  const [{ total }, items] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    db
      .selectFrom("traces")
      .where("project_id", "=", projectId)
      .where("trace_id", "in", page)
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
      .orderBy(key, direction)
      .orderBy("trace_id", query.sort_order)
      .execute(),
  ]);
  return { items: items.map(listItem), total, limit: query.limit, offset: query.offset };
}

function listItem(row: TraceListItem): TraceListItem {
  return { ...row, total_tokens: cappedTokens(row.total_tokens) };
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
