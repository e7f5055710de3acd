import type {
  JudgedScore,
  ScoreDataType,
  ScorePreference,
  ScoreStatus,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import type { Schema } from "../../db/schema.ts";
import { storedBytes } from "../../db/stored-bytes.ts";
import { inPieces, type PageInPieces } from "../pieces.ts";
import { isOutranked, isPreferred, isStale, preferredId } from "./preferred-scores.ts";
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

/** The newest score of each name, by name. With `prefer`, the latest preferred score comes before newer ones. */
export async function* latestTraceScores(
  db: Database,
  projectId: string,
  traceId: string,
  prefer: ScorePreference | undefined,
): AsyncGenerator<TraceScoreResponse[], void, undefined> {
  const planned = await db
    .selectFrom("trace_scores")
    .select(["id", scoreBytes("trace_scores").as("bytes")])
    .distinctOn("name")
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .orderBy("name")
    .$if(prefer !== undefined, (scores) => {
      const isFirst = isPreferred("trace_scores", prefer ?? "person");
      return scores.orderBy(isFirst, "desc").orderBy(sql`case when ${isFirst} then updated_at end`, "desc");
    })
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  yield* inPieces(planned, (ids) => scoresOf(db, "trace_scores", projectId, ids));
}

/** How many scores are planned at a time. */
const chunkSize = 500;

interface ScoresPage {
  limit?: number | undefined;
  offset?: number | undefined;
  prefer?: ScorePreference | undefined;
}

/**
 * The scores of a run, newest first, read a few at a time. With `prefer`, a preferred score with the same target and name
 * takes the place of a score, also if it is not of the run.
 */
export async function* scoresOfRun<Table extends keyof Responses>(
  db: Database,
  table: Table,
  { project_id: projectId, id: runId }: RunKey,
  { prefer, ...page }: ScoresPage,
): AsyncGenerator<Responses[Table][], void, undefined> {
  const match = { eval_run_id: runId };
  for await (const planned of plannedInChunks(db, table, projectId, match, page)) {
    const shown = prefer === undefined ? planned : await withPreferred(db, table, projectId, prefer, planned);
    yield* inPieces(shown, (ids) => scoresOf(db, table, projectId, ids));
  }
}

/** All scores of a session, newest first, read a few at a time. With `prefer`, without those that it outranks. */
export async function* scoresOfSession(
  db: Database,
  projectId: string,
  { session_id, prefer }: { session_id: string; prefer?: ScorePreference | undefined },
): AsyncGenerator<SessionScoreResponse[], void, undefined> {
  for await (const planned of plannedInChunks(db, "session_scores", projectId, { session_id }, {}, prefer)) {
    yield* inPieces(planned, (ids) => scoresOf(db, "session_scores", projectId, ids));
  }
}

interface PlannedScore {
  readonly id: string;
  readonly created_at: string;
  readonly bytes: number;
}

/** @param outrankedBy leaves out the scores that this preference outranks. */
async function* plannedInChunks(
  db: Database,
  table: keyof Responses,
  projectId: string,
  match: { eval_run_id: string } | { session_id: string },
  page: Omit<ScoresPage, "prefer">,
  outrankedBy?: ScorePreference,
): AsyncGenerator<PlannedScore[], void, undefined> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let last: PlannedScore | undefined;
  while (left > 0) {
    const planned: PlannedScore[] = await newestFirst(
      scoresWhere(db, table, projectId, match).select(["id", "created_at", scoreBytes(table).as("bytes")]),
    )
      .$if(outrankedBy !== undefined, (scores) =>
        scores.where(sql<SqlBool>`not ${isOutranked(table, outrankedBy ?? "person")}`),
      )
      .$if(last !== undefined, (scores) =>
        scores.where((row) =>
          row(row.refTuple("created_at", "id"), "<", row.tuple(last?.created_at ?? "", last?.id ?? "")),
        ),
      )
      .limit(Math.min(chunkSize, left))
      .offset(last === undefined ? (page.offset ?? 0) : 0)
      .execute();
    yield planned;
    if (planned.length < chunkSize) return;
    left -= planned.length;
    last = planned.at(-1);
  }
}

/** Puts preferred scores in the places of others. */
async function withPreferred(
  db: Database,
  table: keyof Responses,
  projectId: string,
  prefer: ScorePreference,
  planned: readonly PlannedScore[],
): Promise<PlannedScore[]> {
  const ids = planned.map(({ id }) => id);
  const words = await scoresWhere(db, table, projectId, {})
    .select(["id", preferredId(table, prefer).as("preferred")])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute();
  const preferredOf = new Map(words.map(({ id, preferred }) => [id, preferred]));
  return planned.map((score) => ({ ...score, id: preferredOf.get(score.id) ?? score.id }));
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
  const rows = await (table === "trace_scores"
    ? traceScoresOf(db, projectId, ids)
    : sessionScoresOf(db, projectId, ids));
  return rows as unknown as Responses[Table][];
}

async function traceScoresOf(
  db: Database,
  projectId: string,
  ids: readonly string[],
): Promise<TraceScoreResponse[]> {
  const rows = await scoresWhere(db, "trace_scores", projectId, {})
    .selectAll()
    .select([judged, isStale("trace_scores").as("stale")])
    .where("id", "in", ids)
    .execute();
  return rows.map(scoreResponse);
}

async function sessionScoresOf(
  db: Database,
  projectId: string,
  ids: readonly string[],
): Promise<SessionScoreResponse[]> {
  const rows = await db
    // Once for each session, since many scores may be of the same one.
    .with(
      (name) => name("contents").materialized(),
      (query) =>
        query
          .selectFrom("session_scores")
          .select(["session_id", sql<string | null>`session_content(project_id, session_id)`.as("content")])
          .where("project_id", "=", projectId)
          .where("id", "in", ids)
          .where("content_hash", "is not", null)
          .groupBy(["project_id", "session_id"]),
    )
    .selectFrom("session_scores")
    .leftJoin("contents", "contents.session_id", "session_scores.session_id")
    .selectAll("session_scores")
    .select(
      sql<boolean>`(session_scores.content_hash is not null
        and session_scores.content_hash is distinct from contents.content)`.as("stale"),
    )
    .where("project_id", "=", projectId)
    .where("id", "in", ids)
    .execute();
  return rows.map(({ judged: said, ...row }) => ({
    ...scoreResponse(row),
    judged: said === null ? null : { ...said, eval_run_id: row.eval_run_id },
  }));
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
  readonly content_hash: number | null;
  readonly corrected: boolean;
}

/** A score as it is answered. */
export function scoreResponse<Score extends Derived>(row: Score): Omit<Score, keyof Derived> {
  const {
    numeric_value: _number,
    applicable: _applicable,
    passed: _passed,
    content_hash: _hash,
    corrected: _corrected,
    ...score
  } = row;
  return score;
}
