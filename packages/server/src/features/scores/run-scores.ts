import type { SessionScoreResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { scoreResponse } from "./score-response.ts";

/** How many rows are read at a time; what is held of a run's scores in memory. */
const chunkSize = 500;

/** All of a run's scores, unless it says otherwise. */
interface ScoreSlice {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** The trace scores of a run, newest first, read a few at a time. */
export async function* traceRunScores(
  db: Database,
  projectId: string,
  runId: string,
  slice: ScoreSlice,
): AsyncGenerator<TraceScoreResponse[]> {
  for await (const rows of inChunks(db, "trace_scores", projectId, runId, slice)) {
    yield rows.map(scoreResponse);
  }
}

/** The session scores of a run, newest first, read a few at a time. */
export async function* sessionRunScores(
  db: Database,
  projectId: string,
  runId: string,
  slice: ScoreSlice,
): AsyncGenerator<SessionScoreResponse[]> {
  for await (const rows of inChunks(db, "session_scores", projectId, runId, slice)) {
    yield rows.map(scoreResponse);
  }
}

async function* inChunks<Table extends "trace_scores" | "session_scores">(
  db: Database,
  table: Table,
  projectId: string,
  runId: string,
  { limit, offset }: ScoreSlice,
): AsyncGenerator<Row<Table>[]> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let last: { created_at: string; id: string } | undefined;
  while (left > 0) {
    const older = last === undefined ? sql`` : sql`and (created_at, id) < (${last.created_at}, ${last.id})`;
    const { rows } = await sql<Row<Table> & { created_at: string; id: string }>`
      select * from ${sql.table(table)}
      where project_id = ${projectId} and eval_run_id = ${runId} ${older}
      order by created_at desc, id desc
      limit ${Math.min(chunkSize, left)} offset ${last === undefined ? (offset ?? 0) : 0}`.execute(db);
    if (rows.length > 0) yield rows;
    if (rows.length < chunkSize) return;
    left -= rows.length;
    last = rows.at(-1);
  }
}
