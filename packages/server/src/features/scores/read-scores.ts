import type {
  ScoreDataType,
  ScoreSource,
  ScoreStatus,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import type { Database } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { notFound } from "../problem.ts";
import { scoreResponse } from "./score-response.ts";

/** Where scores are kept, with what is answered of each. */
interface Responses {
  trace_scores: TraceScoreResponse;
  session_scores: SessionScoreResponse;
}

export interface ScorePage<Score> {
  items: Score[];
  total: number;
  limit: number;
  offset: number;
}

export interface ScoreListQuery {
  trace_id?: string | undefined;
  session_id?: string | undefined;
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
export async function listScores<Table extends keyof Responses>(
  db: Database,
  table: Table,
  projectId: string,
  query: ScoreListQuery,
): Promise<ScorePage<Responses[Table]>> {
  const { limit, offset, date_from: from, date_to: to, ...exact } = query;
  const matching = scoresWhere(db, table, projectId, exact)
    .$if(from !== undefined, (scores) => scores.where("created_at", ">=", from ?? ""))
    .$if(to !== undefined, (scores) => scores.where("created_at", "<", to ?? ""));
  const [{ total }, rows] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    newestFirst(matching).limit(limit).offset(offset).execute(),
  ]);
  return { items: responses(table, rows), total, limit, offset };
}

/** @throws ProblemError `not_found` */
export async function getTraceScore(
  db: Database,
  projectId: string,
  scoreId: string,
): Promise<TraceScoreResponse> {
  const row = await scoresWhere(db, "trace_scores", projectId, { id: scoreId })
    .selectAll()
    .executeTakeFirst();
  if (row === undefined) throw notFound("score", scoreId);
  return scoreResponse(row);
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

/** How many rows are read at a time; what is held of a list of scores in memory. */
const chunkSize = 500;

/** All scores that match, newest first, read a few at a time. */
export async function* scoresInChunks<Table extends keyof Responses>(
  db: Database,
  table: Table,
  projectId: string,
  match: { eval_run_id: string } | { session_id: string },
  page: { limit?: number | undefined; offset?: number | undefined } = {},
): AsyncGenerator<Responses[Table][]> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let last: Row<"trace_scores"> | undefined;
  while (left > 0) {
    const rows = await newestFirst(scoresWhere(db, table, projectId, match))
      .$if(last !== undefined, (scores) =>
        scores.where((row) =>
          row(row.refTuple("created_at", "id"), "<", row.tuple(last?.created_at ?? "", last?.id ?? "")),
        ),
      )
      .limit(Math.min(chunkSize, left))
      .offset(last === undefined ? (page.offset ?? 0) : 0)
      .execute();
    if (rows.length > 0) yield responses(table, rows);
    if (rows.length < chunkSize) return;
    left -= rows.length;
    last = rows.at(-1);
  }
}

/** The two tables are alike as far as is asked here: one stands for both in the types. */
function scoresWhere(db: Database, table: keyof Responses, projectId: string, match: object) {
  return db
    .selectFrom(table as "trace_scores")
    .where("project_id", "=", projectId)
    .where((row) =>
      row.and(Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))),
    );
}

function newestFirst(scores: ReturnType<typeof scoresWhere>) {
  return scores.selectAll().orderBy("created_at", "desc").orderBy("id", "desc");
}

function responses<Table extends keyof Responses>(_table: Table, rows: Row<"trace_scores">[]) {
  return rows.map(scoreResponse) as unknown as Responses[Table][];
}
