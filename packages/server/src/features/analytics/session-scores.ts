import type {
  SessionComparisonItem,
  SessionComparisonPage,
  SessionScoreHistoryItem,
  SortOrder,
} from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { matchesScoreFilters, type ScoreFilters, type ScorerFilters } from "../scores/score-filters.ts";

/** The newest `limit` scores of a session, of one name or of all, oldest first. */
export async function sessionScoreHistory(
  db: Database,
  projectId: string,
  sessionId: string,
  { metric_name, limit, ...filters }: ScorerFilters & { metric_name?: string | undefined; limit: number },
): Promise<SessionScoreHistoryItem[]> {
  const rows = await db
    .selectFrom("session_scores")
    .select([
      "name as metric_name",
      sql<number | null>`nullif(score_number(data_type, status, value, applicable), 'NaN')`.as("score"),
      "eval_run_id",
      "created_at",
      "status",
    ])
    .where("project_id", "=", projectId)
    .where("session_id", "=", sessionId)
    .where(matchesScoreFilters("session_scores", projectId, filters))
    .$if(metric_name !== undefined, (scores) => scores.where("name", "=", metric_name ?? ""))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.toReversed();
}

interface ComparisonQuery extends ScoreFilters {
  metric_name: string;
  sort_order: SortOrder;
  limit: number;
  offset: number;
}

/** The newest numeric score of each session that succeeded and is applicable, by value, then by session. */
export async function sessionScoreComparison(
  db: Database,
  projectId: string,
  { metric_name, sort_order, limit, offset, ...filters }: ComparisonQuery,
): Promise<SessionComparisonPage> {
  const order = sort_order === "asc" ? sql`score, session_id` : sql`score desc, session_id`;
  // A page beyond the end is one row with only the total.
  const { rows } = await sql<{ total: number } & (SessionComparisonItem | { session_id: null })>`
    with newest as materialized (
      select distinct on (session_id) session_id, value::numeric as score, created_at, eval_run_id
      from session_scores
      where project_id = ${projectId} and name = ${metric_name} and data_type = 'NUMERIC' and status = 'SUCCESS' and applicable
        and ${matchesScoreFilters("session_scores", projectId, filters)}
      order by session_id, created_at desc, id desc
    )
    select total, session_id, score, created_at as evaluated_at, eval_run_id
    from (select count(*) as total from newest) counted
    left join (select * from newest order by ${order} limit ${limit} offset ${offset}) page on true
    order by ${order}`.execute(db);
  const items = rows.flatMap(({ total: _, ...item }) => (item.session_id === null ? [] : [item]));
  return { items, total: rows[0]?.total ?? 0, limit, offset };
}
