import type {
  SessionDetail,
  SessionPage,
  SessionSortBy,
  SessionSummary,
  SortOrder,
} from "@pandaprobe/contract";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { notFound } from "../problem.ts";
import { cappedTokens, readTraces } from "../traces/read-traces.ts";
import { containing } from "../traces/trace-filters.ts";

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

const sortColumns = {
  recent: "last_trace_at",
  trace_count: "trace_count",
  latency: "total_latency_ms",
  cost: "total_cost",
} as const satisfies Record<SessionSortBy, keyof SessionSummary>;

/** Sessions that have a matching trace, each summed up over all its traces. */
export async function listSessions(
  db: Database,
  projectId: string,
  query: SessionListQuery,
): Promise<SessionPage> {
  const matching = summaries(db, projectId)
    .$if(query.query !== undefined, (sessions) =>
      sessions.where("session_id", "ilike", containing(query.query ?? "")),
    )
    .having((row) => {
      const conditions = [];
      if (query.user_id !== undefined) conditions.push(row("user_id", "=", query.user_id));
      if (query.started_after !== undefined) conditions.push(row("started_at", ">=", query.started_after));
      if (query.started_before !== undefined) conditions.push(row("started_at", "<", query.started_before));
      if (query.tags !== undefined) conditions.push(sql<SqlBool>`tags && ${query.tags}::text[]`);
      return sql<SqlBool>`bool_or(${row.and(conditions)})`;
    })
    .$if(query.has_error !== undefined, (sessions) =>
      sessions.having(sql<SqlBool>`bool_or(status = 'ERROR') = ${query.has_error}`),
    );
  const [{ total }, rows] = await Promise.all([
    db
      .selectFrom(matching.as("sessions"))
      .select((row) => row.fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow(),
    db
      .selectFrom(matching.as("sessions"))
      .selectAll()
      .orderBy(sortColumns[query.sort_by], (order) =>
        (query.sort_order === "asc" ? order.asc() : order.desc()).nullsLast(),
      )
      .orderBy("session_id", query.sort_order)
      .limit(query.limit)
      .offset(query.offset)
      .execute(),
  ]);
  return { items: rows.map(summary), total, limit: query.limit, offset: query.offset };
}

/** A session with a page of its traces, in the order they started. */
export async function getSession(
  db: Database,
  projectId: string,
  sessionId: string,
  page: { limit: number; offset: number },
): Promise<SessionDetail> {
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
  return {
    ...summary(row),
    traces: await readTraces(
      db,
      projectId,
      traces.map((trace) => trace.trace_id),
    ),
  };
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
