import { limits, type SessionSummary } from "@pandaprobe/contract";
import { expressionBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import { cappedTokens, unpricedSpans } from "../traces/read-traces.ts";
import { matchesFilters, type TraceFilters } from "../traces/trace-filters.ts";

/** One row per session of a project, summed up over its matching traces. The caller adds conditions. */
export function summarizedSessions(db: Database, projectId: string, filters: TraceFilters = {}) {
  const isMatching = matchesFilters(filters)(expressionBuilder<Schema, "traces">());
  return db
    .selectFrom("traces")
    .innerJoinLateral(
      (row) =>
        row
          .selectFrom("spans")
          .select([
            sql<number>`count(*)`.as("span_count"),
            sql<number>`coalesce(sum(spans.total_tokens), 0)`.as("tokens"),
            sql<number>`coalesce(sum(spans.total_cost), 0)`.as("cost"),
            unpricedSpans.as("unpriced"),
          ])
          .whereRef("spans.project_id", "=", "traces.project_id")
          .whereRef("spans.trace_id", "=", "traces.trace_id")
          .as("span_totals"),
      (join) => join.onTrue(),
    )
    .where("project_id", "=", projectId)
    .where("session_id", "is not", null)
    .where(isMatching)
    .groupBy("session_id")
    .select([
      sql<string>`session_id`.as("session_id"),
      sql<number>`count(*)`.as("trace_count"),
      sql<string>`min(started_at)`.as("first_trace_at"),
      sql<string | null>`coalesce(max(ended_at), max(started_at))`.as("last_trace_at"),
      sql<number | null>`(sum(extract(epoch from ended_at - started_at)) * 1000)::float8`.as(
        "total_latency_ms",
      ),
      sql<boolean>`bool_or(status = 'ERROR')`.as("has_error"),
      sql<
        string | null
      >`(array_agg(user_id order by started_at desc, trace_id desc) filter (where user_id is not null))[1]`.as(
        "user_id",
      ),
      sql<string[]>`coalesce(
        (select array_agg(tag order by tag)
          from (
            select distinct tag
            from traces tagged, unnest(tagged.tags) tag
            where tagged.project_id = ${projectId} and tagged.session_id = traces.session_id and ${isMatching}
            order by tag limit ${limits.sessionTags}
          ) first_tags),
        '{}')`.as("tags"),
      sql<number>`sum(span_totals.span_count)`.as("total_span_count"),
      sql<number>`sum(span_totals.tokens)`.as("total_tokens"),
      sql<number>`sum(span_totals.cost)`.as("total_cost"),
      sql<number>`sum(span_totals.unpriced)`.as("unpriced_spans"),
    ]);
}

export function sessionSummary(row: SessionSummary): SessionSummary {
  return { ...row, total_tokens: cappedTokens(row.total_tokens) };
}
