import type {
  JudgedScore,
  ScoreDataType,
  ScoreStatus,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { inPieces, type PageInPieces } from "../pieces.ts";
import { matchesScoreFilters, type ScoreFilters } from "./score-filters.ts";

/** The tables of scores, and the response for each. */
interface Responses {
  trace_scores: TraceScoreResponse;
  session_scores: SessionScoreResponse;
}

interface ScoreListQuery extends ScoreFilters {
  trace_id?: string | undefined;
  session_id?: string | undefined;
  name?: string | undefined;
  status?: ScoreStatus | undefined;
  data_type?: ScoreDataType | undefined;
  date_from?: string | undefined;
  date_to?: string | undefined;
  limit: number;
  offset: number;
}

/** Scores that match all given filters, newest first. */
export async function listScores<Table extends keyof Responses>(
  db: Database,
  table: Table,
  projectId: string,
  query: ScoreListQuery,
): Promise<PageInPieces<Responses[Table]>> {
  const { limit, offset, date_from: from, date_to: to, ...filters } = query;
  const { trace_id, session_id, name, status, data_type, environment, ...others } = filters;
  // A trace score keeps the environment that its trace had; session scores have none.
  const [own, its] = table === "trace_scores" ? [{ environment }, others] : [{}, { environment, ...others }];
  const matching = scoresWhere(db, table, projectId, {
    trace_id,
    session_id,
    name,
    status,
    data_type,
    ...own,
  })
    .where(matchesScoreFilters(table, projectId, its))
    .$if(from !== undefined, (scores) => scores.where("created_at", ">=", from ?? ""))
    .$if(to !== undefined, (scores) => scores.where("created_at", "<", to ?? ""));
  const [{ total }, planned] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    newestFirst(matching.select(["id", scoreBytes(table).as("bytes")]))
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  return { total, limit, offset, pieces: inPieces(planned, (ids) => scoresOf(db, table, projectId, ids)) };
}

/** @throws ProblemError `not_found` */
export async function getTraceScore(
  db: Database,
  projectId: string,
  scoreId: string,
): Promise<TraceScoreResponse> {
  const [score] = await scoresOf(db, "trace_scores", projectId, [scoreId]);
  if (score === undefined) throw notFound("score", scoreId);
  return score;
}

/** The newest score of each name, by name. */
export async function* latestTraceScores(
  db: Database,
  projectId: string,
  traceId: string,
): AsyncGenerator<TraceScoreResponse[], void, undefined> {
  const planned = await db
    .selectFrom("trace_scores")
    .select(["id", scoreBytes("trace_scores").as("bytes")])
    .distinctOn("name")
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .orderBy("name")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  yield* inPieces(planned, (ids) => scoresOf(db, "trace_scores", projectId, ids));
}

/** How many scores are planned at a time. */
const chunkSize = 500;

/** All matching scores, newest first, read a few at a time. */
export async function* scoresInChunks<Table extends keyof Responses>(
  db: Database,
  table: Table,
  projectId: string,
  match: { eval_run_id: string } | { session_id: string },
  page: { limit?: number | undefined; offset?: number | undefined } = {},
): AsyncGenerator<Responses[Table][], void, undefined> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let last: { readonly created_at: string; readonly id: string } | undefined;
  while (left > 0) {
    const planned = await newestFirst(
      scoresWhere(db, table, projectId, match).select(["id", "created_at", scoreBytes(table).as("bytes")]),
    )
      .$if(last !== undefined, (scores) =>
        scores.where((row) =>
          row(row.refTuple("created_at", "id"), "<", row.tuple(last?.created_at ?? "", last?.id ?? "")),
        ),
      )
      .limit(Math.min(chunkSize, left))
      .offset(last === undefined ? (page.offset ?? 0) : 0)
      .execute();
    yield* inPieces(planned, (ids) => scoresOf(db, table, projectId, ids));
    if (planned.length < chunkSize) return;
    left -= planned.length;
    last = planned.at(-1);
  }
}

/** The size of what may be large in a score's answer. */
function scoreBytes(table: keyof Responses) {
  const own = sql<number>`${storedBytes("reason")} + ${storedBytes("metadata")} + ${storedBytes("value")}`;
  return table === "trace_scores"
    ? sql<number>`${own} + coalesce(${ofJudge(storedBytes("revision.reason"))}, 0)`
    : own;
}

async function scoresOf<Table extends keyof Responses>(
  db: Database,
  table: Table,
  projectId: string,
  ids: string[],
): Promise<Responses[Table][]> {
  const rows = await scoresWhere(db, table, projectId, {})
    .selectAll()
    .$if(table === "trace_scores", (scores) => scores.select(judged))
    .where("id", "in", ids)
    .execute();
  return rows.map(scoreResponse) as unknown as Responses[Table][];
}

/** Something of the judge's own version of a trace score that a person has changed; null for any other score. */
function ofJudge<Value>(value: RawBuilder<Value>) {
  return sql<Value | null>`
    case when source = 'ANNOTATION' then (
      select ${value} from trace_score_revisions revision
      where revision.project_id = trace_scores.project_id and revision.score_id = trace_scores.id
        and revision.source = 'AUTOMATED'
      order by revision.revision desc limit 1
    ) end`;
}

const judged = ofJudge(
  sql<JudgedScore>`json_build_object(
    'value', revision.value, 'reason', revision.reason, 'eval_run_id', trace_scores.eval_run_id)`,
).as("judged");

/** Both tables have the columns used here, so the types name one of them. */
function scoresWhere(db: Database, table: keyof Responses, projectId: string, match: object) {
  return db
    .selectFrom(table as "trace_scores")
    .where("project_id", "=", projectId)
    .where((row) =>
      row.and(Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))),
    );
}

function newestFirst<Selected>(scores: SelectQueryBuilder<Schema, "trace_scores", Selected>) {
  return scores.orderBy("created_at", "desc").orderBy("id", "desc");
}

/** The columns of a score that only queries need. */
interface Derived {
  readonly numeric_value: number | null;
  readonly applicable: boolean;
  readonly passed: boolean | null;
}

/** A score as it is answered. */
export function scoreResponse<Score extends Derived>(row: Score): Omit<Score, keyof Derived> {
  const { numeric_value: _, applicable: _a, passed: _p, ...score } = row;
  return score;
}
