import type {
  ScoreDataType,
  ScorePreference,
  ScoreStatus,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import type { Schema } from "../../db/schema.ts";
import { inPieces, type PageInPieces } from "../pieces.ts";
import { isOutranked, isPreferred, preferredId, targetId } from "./preferred-scores.ts";
import { matchesScoreFilters, type ScoreFilters } from "./score-filters.ts";
import {
  matches,
  type ScoreResponses,
  type ScoreTable,
  scoreBytes,
  scoresOf,
  scoresWhere,
} from "./score-rows.ts";

interface ScoreListQuery extends ScoreFilters {
  trace_id?: string | undefined;
  trace_ids?: readonly string[] | undefined;
  session_id?: string | undefined;
  session_ids?: readonly string[] | undefined;
  name?: string | undefined;
  status?: ScoreStatus | undefined;
  data_type?: ScoreDataType | undefined;
  author_user_id?: string | undefined;
  /** Only NUMERIC scores: at least this, and below that. */
  value_min?: number | undefined;
  value_max?: number | undefined;
  /** Only one score for each target and name. */
  latest?: boolean | undefined;
  date_from?: string | undefined;
  date_to?: string | undefined;
  limit: number;
  offset: number;
}

/** Scores that match all given filters, newest first. */
export async function listScores<Table extends ScoreTable>(
  db: Database,
  table: Table,
  projectId: string,
  query: ScoreListQuery,
): Promise<PageInPieces<ScoreResponses[Table]>> {
  const { limit, offset, date_from: from, date_to: to, ...filters } = query;
  const {
    value_min: min,
    value_max: max,
    trace_id,
    trace_ids,
    session_id,
    session_ids,
    name,
    status,
    data_type,
    author_user_id,
    environment,
    latest = false,
    prefer,
    ...rest
  } = filters;
  // The latest scores already are the preferred ones.
  const others = latest ? rest : { ...rest, prefer };
  // A trace score keeps the environment that its trace had; session scores have none.
  const [own, its] = table === "trace_scores" ? [{ environment }, others] : [{}, { environment, ...others }];
  const ids = trace_ids ?? session_ids;
  const ofTargets = scoresWhere(db, table, projectId, { trace_id, session_id, name }).$if(
    ids !== undefined,
    (scores) => scores.where(sql<SqlBool>`${targetId(table)} = any(${ids})`),
  );
  const scores = latest ? latestTable(db, ofTargets, table, prefer) : ofTargets;
  const matching = scores
    .where(matches({ status, data_type, author_user_id, ...own }))
    .where(matchesScoreFilters(table, projectId, its))
    .$if(min !== undefined, (scores) => scores.where("numeric_value", ">=", min ?? 0))
    .$if(max !== undefined, (scores) => scores.where("numeric_value", "<", max ?? 0))
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

/** The newest score of each name, by name. With `prefer`, the latest preferred score comes before newer ones. */
export async function* latestTraceScores(
  db: Database,
  projectId: string,
  traceId: string,
  prefer: ScorePreference | undefined,
): AsyncGenerator<TraceScoreResponse[], void, undefined> {
  const scores = scoresWhere(db, "trace_scores", projectId, { trace_id: traceId });
  const planned = await latestOf(
    scores.select(["id", scoreBytes("trace_scores").as("bytes")]),
    "trace_scores",
    prefer,
  ).execute();
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
 * The scores of a run, newest first, read a few at a time. With `prefer`, a preferred score with the same target and
 * name replaces a score, even if it is not from the run.
 */
export async function* scoresOfRun<Table extends ScoreTable>(
  db: Database,
  table: Table,
  { project_id: projectId, id: runId }: RunKey,
  { prefer, ...page }: ScoresPage,
): AsyncGenerator<ScoreResponses[Table][], void, undefined> {
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
  table: ScoreTable,
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

/** Replaces scores by preferred ones. */
async function withPreferred(
  db: Database,
  table: ScoreTable,
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

/** One score for each target and name, in their order: the newest. The latest preferred score comes before newer ones. */
function latestOf<Selected>(
  scores: SelectQueryBuilder<Schema, "trace_scores", Selected>,
  table: ScoreTable,
  prefer: ScorePreference | undefined,
) {
  const target = targetId(table);
  const grouped = scores.distinctOn([target, "name"]).orderBy(target).orderBy("name");
  if (prefer === undefined) return newestFirst(grouped);
  const isFirst = isPreferred(table, prefer);
  return newestFirst(
    grouped.orderBy(isFirst, "desc").orderBy(sql`case when ${isFirst} then updated_at end`, "desc"),
  );
}

/** {@link latestOf} some scores as a table of the same name, so that further conditions can follow. */
function latestTable(
  db: Database,
  scores: SelectQueryBuilder<Schema, "trace_scores", object>,
  table: ScoreTable,
  prefer: ScorePreference | undefined,
): SelectQueryBuilder<Schema, "trace_scores", object> {
  return db.selectFrom(latestOf(scores.selectAll(), table, prefer).as(table as "trace_scores"));
}

function newestFirst<Selected>(scores: SelectQueryBuilder<Schema, "trace_scores", Selected>) {
  return scores.orderBy("created_at", "desc").orderBy("id", "desc");
}
