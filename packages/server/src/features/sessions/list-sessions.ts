import type { SessionPage, SessionSortBy, SortOrder } from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { containing } from "../traces/trace-filters.ts";
import { sessionSummary, summarizedSessions } from "./session-summary.ts";

interface SessionListQuery {
  user_id?: string | undefined;
  has_error?: boolean | undefined;
  started_after?: string | undefined;
  started_before?: string | undefined;
  tags?: string[] | undefined;
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
 * Sessions that have a matching trace, each summed up over all its traces. Indexes of traces find the sessions of the
 * page, and only those are summed up, since a project may have very many.
 */
export async function listSessions(
  db: Database,
  projectId: string,
  query: SessionListQuery,
): Promise<SessionPage> {
  const { sort_by, sort_order, limit, offset } = query;
  const matching = matchingSessions(db, projectId, query);
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
  const rows = await summarizedSessions(db, projectId)
    .where(sql<SqlBool>`session_id = any(${ids}::text[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.session_id, sessionSummary(row)]));
  // Leaves out sessions that were deleted meanwhile.
  return { items: ids.flatMap((id) => found.get(id) ?? []), total, limit, offset };
}

/** The ids of the sessions that have a trace matching all filters. */
function matchingSessions(db: Database, projectId: string, query: SessionListQuery) {
  const { user_id, started_after, started_before, tags, query: part, has_error } = query;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (user_id !== undefined) conditions.push(sql`user_id = ${user_id}`);
  if (started_after !== undefined) conditions.push(sql`started_at >= ${started_after}`);
  if (started_before !== undefined) conditions.push(sql`started_at < ${started_before}`);
  if (tags !== undefined) conditions.push(sql`tags && ${tags}::text[]`);
  return db
    .selectFrom("traces")
    .select(sql<string>`session_id`.as("session_id"))
    .where("traces.project_id", "=", projectId)
    .where("session_id", "is not", null)
    .$if(part !== undefined, (traces) => traces.where("session_id", "ilike", containing(part ?? "")))
    .$if(conditions.length > 0, (traces) =>
      traces.where("session_id", "in", (row) =>
        row
          .selectFrom("traces")
          .select("session_id")
          .where("project_id", "=", projectId)
          .where((its) => its.and(conditions)),
      ),
    )
    .groupBy("session_id")
    .$if(has_error !== undefined, (sessions) =>
      sessions.having(sql<SqlBool>`bool_or(traces.status = 'ERROR') = ${has_error}`),
    );
}
