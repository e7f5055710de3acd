import type { SessionPage, SessionSortBy, SortOrder } from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import {
  type Keyset,
  numberKey,
  pageEnd,
  positionOf,
  type SortKey,
  storedText,
  timeKey,
} from "../lists/keyset.ts";
import { matchesScoreFilters, type ScoreFilters } from "../scores/score-filters.ts";
import { containing, matchesFilters, type TraceFilters } from "../traces/trace-filters.ts";
import { allGroups, newestGroups } from "../traces/trace-groups.ts";
import { sessionSummary, summarizedSessions } from "./session-summary.ts";

interface SessionListQuery extends ScoreFilters {
  has_error?: boolean | undefined;
  started_after?: string | undefined;
  started_before?: string | undefined;
  query?: string | undefined;
  sort_by: SessionSortBy;
  sort_order: SortOrder;
  limit: number;
  cursor?: string | undefined;
  offset: number;
  /** Whether to count all matching sessions. */
  total: boolean;
}

const sortKeys = {
  recent: timeKey(sql`max(traces.started_at)`),
  trace_count: numberKey(sql`count(*)`),
  latency: numberKey(sql`extract(epoch from sum(traces.ended_at - traces.started_at))::float8`, {
    isNullable: true,
  }),
  // A sum of floats would depend on their order, and a cursor needs the same key each time.
  cost: numberKey(sql`coalesce(sum(spans.total_cost::numeric), 0)::float8`),
} satisfies Record<SessionSortBy, SortKey<number>>;

/** Joined only to sort by cost. */
const spans = sql`
  left join spans on spans.project_id = traces.project_id and spans.trace_id = traces.trace_id`;

/**
 * Sessions that have a matching trace, each summed up over its matching traces. Indexes of traces find the sessions of
 * the page, and only those are summed up, because a project may have very many.
 */
export async function listSessions(
  db: Database,
  projectId: string,
  query: SessionListQuery,
): Promise<SessionPage> {
  const { sort_by, sort_order: order, started_after: date_from, started_before: date_to, has_error } = query;
  const { release, environment, tags, user_id, trace_name: name } = query;
  const filters: TraceFilters = { release, environment, tags, user_id, name, date_from, date_to };
  const keyset: Keyset = { key: sortKeys[sort_by], id: sql.ref("session_id"), order };
  const scope = { list: "sessions", query };
  const part = { ...query, position: positionOf(keyset, storedText, scope) };
  const traces = matchingTraces(db, projectId, filters, query);
  const having = has_error === undefined ? sql`true` : sql`bool_or(traces.status = 'ERROR') = ${has_error}`;
  const newestFirst = sort_by === "recent" && order === "desc" && has_error === undefined;
  const ofAll = () =>
    allGroups(db, traces, keyset, part, { having, joined: sort_by === "cost" ? spans : sql`` });
  const groups = async () =>
    (newestFirst
      ? await newestGroups(db, traces, { column: "session_id", idOrder: order }, part)
      : undefined) ?? ofAll();
  const [total, rows] = await Promise.all([
    query.total ? countSessions(db, traces, having) : undefined,
    groups(),
  ]);
  const { page, ...end } = pageEnd(scope, rows, total);
  const ids = page.map(({ id }) => id);
  const summaries = await summarizedSessions(db, projectId, filters)
    .where(sql<SqlBool>`session_id = any(${ids}::text[])`)
    .execute();
  const found = new Map(summaries.map((row) => [row.session_id, sessionSummary(row)]));
  // Leaves out sessions that were deleted meanwhile.
  return {
    items: ids.flatMap((id) => found.get(id) ?? []),
    ...end,
    limit: query.limit,
    offset: query.offset,
  };
}

async function countSessions(db: Database, traces: MatchingTraces, having: RawBuilder<unknown>) {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total
    from (select from (${traces}) traces group by session_id having ${having}) sessions`.execute(db);
  return rows[0]?.total;
}

type MatchingTraces = ReturnType<typeof matchingTraces>;

/** The traces of sessions that match all filters. */
function matchingTraces(db: Database, projectId: string, filters: TraceFilters, query: SessionListQuery) {
  const { query: part, source, model, eval_run_id } = query;
  const scored = { source, model, eval_run_id };
  const needsScore = Object.values(scored).some((value) => value !== undefined);
  return db
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
}
