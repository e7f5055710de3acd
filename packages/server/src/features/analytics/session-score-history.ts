import type { SessionScoreHistoryItem } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** The newest `limit` scores of a session, of one name or all, oldest first. */
export async function sessionScoreHistory(
  db: Database,
  projectId: string,
  sessionId: string,
  query: { metric_name?: string | undefined; limit: number },
): Promise<SessionScoreHistoryItem[]> {
  const rows = await db
    .selectFrom("session_scores")
    .select([
      "name as metric_name",
      sql<number | null>`nullif(score_number(data_type, status, value), 'NaN')`.as("score"),
      "eval_run_id",
      "created_at",
      "status",
    ])
    .where("project_id", "=", projectId)
    .where("session_id", "=", sessionId)
    .$if(query.metric_name !== undefined, (scores) => scores.where("name", "=", query.metric_name ?? ""))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(query.limit)
    .execute();
  return rows.toReversed();
}
