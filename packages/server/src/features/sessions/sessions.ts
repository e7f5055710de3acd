import type { SessionPage, SessionSortBy, SessionSummary, SortOrder } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { cappedTokens } from "../traces/read-traces.ts";
import { containing } from "../traces/trace-filters.ts";
import { type Traces, tracesInPieces } from "../traces/trace-texts.ts";

export interface SessionListQuery {
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

/** What sessions are sorted by; only for the cost, spans are joined. */
const sortKeys = {
  recent: sql`max(traces.started_at)`,
  trace_count: sql`count(*)`,
  latency: sql`sum(traces.ended_at - traces.started_at)`,
  cost: sql`coalesce(sum(spans.total_cost), 0)`,
} as const satisfies Record<SessionSortBy, RawBuilder<unknown>>;

/**
 * Sessions that have a matching trace, each summed up over all its traces. Which ones are on the page is told by indexes
 * of traces, and only those are summed up: a project may have very many.
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
  const rows = await summaries(db, projectId).where(sql<SqlBool>`session_id = any(${ids}::text[])`).execute();
  const found = new Map(rows.map((row) => [row.session_id, summary(row)]));
  // What was deleted since the page was chosen is left out.
  return { items: ids.flatMap((id) => found.get(id) ?? []), total, limit, offset };
}

/** The ids of the sessions that have a trace for which all that is asked holds. */
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

/** A session and a page of its traces, in the order they started. */
export interface SessionInPieces {
  readonly summary: SessionSummary;
  readonly traces: Traces;
}

/** @throws ProblemError `not_found` */
export async function getSession(
  db: Database,
  projectId: string,
  sessionId: string,
  page: { limit: number; offset: number },
): Promise<SessionInPieces> {
  const row = await summaries(db, projectId).where("session_id", "=", sessionId).executeTakeFirst();
  if (row === undefined) throw notFound("session", sessionId);
  const traces = await db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where("session_id", "=", sessionId)
    .orderBy("started_at")
    .orderBy("trace_id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const ids = traces.map((trace) => trace.trace_id);
  return { summary: summary(row), traces: await tracesInPieces(db, projectId, ids) };
}

function summaries(db: Database, projectId: string) {
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
          ])
          .whereRef("spans.project_id", "=", "traces.project_id")
          .whereRef("spans.trace_id", "=", "traces.trace_id")
          .as("span_totals"),
      (join) => join.onTrue(),
    )
    .where("project_id", "=", projectId)
    .where("session_id", "is not", null)
    .groupBy("session_id")
    .select([
      sql<string>`session_id`.as("session_id"),
      sql<number>`count(*)`.as("trace_count"),
      sql<string>`min(started_at)`.as("first_trace_at"),
      sql<string | null>`max(started_at)`.as("last_trace_at"),
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
        (select array_agg(distinct tag order by tag)
          from traces tagged, unnest(tagged.tags) tag
          where tagged.project_id = ${projectId} and tagged.session_id = traces.session_id),
        '{}')`.as("tags"),
      sql<number>`sum(span_totals.span_count)`.as("total_span_count"),
      sql<number>`sum(span_totals.tokens)`.as("total_tokens"),
      sql<number>`sum(span_totals.cost)`.as("total_cost"),
    ]);
}

function summary(row: SessionSummary): SessionSummary {
  return { ...row, total_tokens: cappedTokens(row.total_tokens) };
}
