import type {
  ScoreDataType,
  ScoreSource,
  ScoreStatus,
  TraceScorePage,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import type { Database } from "../../db/database.ts";
import { scoreResponse } from "./score-response.ts";

export interface ScoreListQuery {
  trace_id?: string | undefined;
  name?: string | undefined;
  source?: ScoreSource | undefined;
  status?: ScoreStatus | undefined;
  data_type?: ScoreDataType | undefined;
  eval_run_id?: string | undefined;
  environment?: string | undefined;
  date_from?: string | undefined;
  date_to?: string | undefined;
  limit: number;
  offset: number;
}

/** Newest first; all given filters must hold. */
export async function listTraceScores(
  db: Database,
  projectId: string,
  query: ScoreListQuery,
): Promise<TraceScorePage> {
  const { limit, offset, date_from: from, date_to: to, ...exact } = query;
  const matching = db
    .selectFrom("trace_scores")
    .where("project_id", "=", projectId)
    .where((row) =>
      row.and(Object.fromEntries(Object.entries(exact).filter(([, value]) => value !== undefined))),
    )
    .$if(from !== undefined, (scores) => scores.where("created_at", ">=", from ?? ""))
    .$if(to !== undefined, (scores) => scores.where("created_at", "<", to ?? ""));
  const [{ total }, rows] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .selectAll()
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  return { items: rows.map(scoreResponse), total, limit, offset };
}

/** The newest score of each name, by name. */
export async function latestTraceScores(
  db: Database,
  projectId: string,
  traceId: string,
): Promise<TraceScoreResponse[]> {
  const rows = await db
    .selectFrom("trace_scores")
    .selectAll()
    .distinctOn("name")
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .orderBy("name")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return rows.map(scoreResponse);
}
