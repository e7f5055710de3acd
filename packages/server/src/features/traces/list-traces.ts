import type { SortOrder, TraceListItem, TracePage, TraceSortBy } from "@pandaprobe/contract";
import type { CursorPosition } from "@pandaprobe/contract/rules";
import { type ExpressionBuilder, sql } from "kysely";
import { z } from "zod";
import type { Database } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import {
  isAfter,
  type Keyset,
  numberKey,
  orderBy,
  pageEnd,
  positionOf,
  type SortKey,
  textKey,
  timeKey,
} from "../lists/keyset.ts";
import { cappedTokens, latencyMs, unpricedSpans } from "./read-traces.ts";
import { matchesFilters, type TraceFilters } from "./trace-filters.ts";

interface TraceListQuery extends TraceFilters {
  sort_by: TraceSortBy;
  sort_order: SortOrder;
  limit: number;
  cursor?: string | undefined;
  offset: number;
  /** Whether to count all matching traces. */
  total: boolean;
}

const sortKeys = {
  started_at: timeKey(sql.ref("started_at")),
  ended_at: timeKey(sql.ref("ended_at"), { isNullable: true }),
  name: textKey(sql.ref("name")),
  status: textKey(sql.ref("status")),
  latency: numberKey(latencyMs, { isNullable: true }),
} satisfies Record<TraceSortBy, SortKey<number> | SortKey<string>>;

export async function listTraces(db: Database, projectId: string, query: TraceListQuery): Promise<TracePage> {
  const keyset: Keyset = {
    key: sortKeys[query.sort_by],
    id: sql.ref("trace_id"),
    order: query.sort_order,
  };
  const scope = { list: "traces", query };
  const position = positionOf(keyset, z.guid(), scope);
  const matching = db.selectFrom("traces").where("project_id", "=", projectId).where(matchesFilters(query));
  // Found first, because PostgreSQL would also sum up the spans of the traces that `offset` skips.
  const page = matching
    .select("trace_id")
    .$if(position !== undefined, (traces) =>
      position === undefined ? traces : traces.where(isAfter(keyset, position)),
    )
    .orderBy(orderBy(keyset))
    .limit(query.limit + 1)
    .offset(query.offset);
  const [counted, rows] = await Promise.all([
    query.total
      ? matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow()
      : undefined,
    db
      .selectFrom("traces")
      .where("project_id", "=", projectId)
      .where("trace_id", "in", page)
      .select([
        "trace_id",
        "trace_id as id",
        keyset.key.written.as("key"),
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
      .orderBy(orderBy(keyset))
      .execute(),
  ]);
  const { page: items, ...end } = pageEnd(scope, rows, counted?.total);
  return { items: items.map(listItem), ...end, limit: query.limit, offset: query.offset };
}

function listItem({ id: _, key: __, ...row }: TraceListItem & CursorPosition): TraceListItem {
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
    spans.select(unpricedSpans.as("n")).$asScalar().$notNull().as("unpriced_spans"),
  ] as const;
}
