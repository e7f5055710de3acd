import type { SessionPage, SessionSortBy, SortOrder } from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { matchesScoreFilters, type ScoreFilters } from "../scores/score-filters.ts";
import { containing, matchesFilters, type TraceFilters } from "../traces/trace-filters.ts";
import { sessionSummary, summarizedSessions } from "./session-summary.ts";

interface SessionListQuery extends ScoreFilters {
  has_error?: boolean | undefined;
  started_after?: string | undefined;
  started_before?: string | undefined;
  query?: string | undefined;
  sort_by: SessionSortBy;
  sort_order: SortOrder;
  limit: number;
  offset: number;
}

/** Spans are joined only to sort by cost. */
const sortKeys = {
  recent: sql`max(traces.started_at)`,
  trace_count: sql`count(*)`,
  latency: sql`sum(traces.ended_at - traces.started_at)`,
  cost: sql`coalesce(sum(spans.total_cost), 0)`,
} as const satisfies Record<SessionSortBy, RawBuilder<unknown>>;

/**
 * Sessions that have a matching trace, each summed up over its matching traces. Indexes of traces find the sessions of the
 * page, and only those are summed up, since a project may have very many.
 */
export async function listSessions(
  db: Database,
  projectId: string,
  query: SessionListQuery,
): Promise<SessionPage> {
  const { sort_by, sort_order, limit, offset, started_after: date_from, started_before: date_to } = query;
  const { release, environment, tags, user_id, trace_name: name } = query;
  const filters: TraceFilters = { release, environment, tags, user_id, name, date_from, date_to };
  const matching = matchingSessions(db, projectId, filters, query);
  const [{ total }, page] = await Promise.all([
    db
      .selectFrom(matching.as("sessions"))
      .select((row) => row.fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow(),
    matching
      .$if(sort_by === "cost", (traces) =>
        traces.leftJoin("spans", (join) =>
          join
            .onRef("spans.project_id", "=", "traces.project_id")
            .onRef("spans.trace_id", "=", "traces.trace_id"),
        ),
      )
      .orderBy(sortKeys[sort_by], (order) => (sort_order === "asc" ? order.asc() : order.desc()).nullsLast())
      .orderBy("session_id", sort_order)
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  const ids = page.map(({ session_id }) => session_id);
  const rows = await summarizedSessions(db, projectId, filters)
    .where(sql<SqlBool>`session_id = any(${ids}::text[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.session_id, sessionSummary(row)]));
  // Leaves out sessions that were deleted meanwhile.
  return { items: ids.flatMap((id) => found.get(id) ?? []), total, limit, offset };
}

/** The ids of the sessions that have a trace matching all filters. */
function matchingSessions(db: Database, projectId: string, filters: TraceFilters, query: SessionListQuery) {
  const { query: part, has_error, source, model, eval_run_id } = query;
  const scored = { source, model, eval_run_id };
  const needsScore = Object.values(scored).some((value) => value !== undefined);
  const matching = db
    .selectFrom("traces")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("session_id", "is not", null)
    .where(matchesFilters(filters))
    .$if(part !== undefined, (traces) => traces.where("session_id", "ilike", containing(part ?? "")))
    .$if(needsScore, (traces) =>
      traces.where("session_id", "in", (row) =>
        row
          .selectFrom("session_scores")
          .select("session_id")
          .where("project_id", "=", projectId)
          .where(matchesScoreFilters("session_scores", projectId, scored)),
      ),
    );
  return db
    .selectFrom(matching.as("traces"))
    .select(sql<string>`session_id`.as("session_id"))
    .groupBy("session_id")
    .$if(has_error !== undefined, (sessions) =>
      sessions.having(sql<SqlBool>`bool_or(traces.status = 'ERROR') = ${has_error}`),
    );
}
