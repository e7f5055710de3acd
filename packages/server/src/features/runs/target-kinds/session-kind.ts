import type { SessionEvalRunFilters } from "@pandaprobe/contract";
import {
  findSessionMetric,
  judgeOf,
  resolveMetric,
  type SessionMetric,
  sessionTargets,
  unknownMetric,
} from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../../db/database.ts";
import { isBeingWritten } from "../../traces/being-written.ts";
import { eraseSessionQuotes } from "../../traces/erase-session-quotes.ts";
import { isOneOf } from "../../traces/lock-traces.ts";
import { matchesFilters } from "../../traces/trace-filters.ts";
import { type NewScore, scoreRow } from "../outcome.ts";
import type { TargetKind } from "./target-kind.ts";

/** Sessions as targets: all traces of the project with the same `session_id`. */
export const sessionKind: TargetKind<SessionEvalRunFilters> = {
  ...sessionTargets,
  resolveMetric: (name, own, ownNames) => ({
    ...resolveMetric("SESSION", name, own, ownNames),
    asks: true,
    // A built-in metric needs the signals; a project's own metric reads the conversation.
    embeds: own === undefined,
    own,
    model: own && judgeOf(own.definition),
  }),
  matching: (
    db,
    projectId,
    { has_error: hasError, min_trace_count: minTraceCount, trace_name: name, ...traceFilters },
  ) =>
    db
      .selectFrom("traces")
      .select(sql<string>`session_id`.as("target_id"))
      .where("project_id", "=", projectId)
      .where("session_id", "is not", null)
      .where(matchesFilters({ ...traceFilters, name }))
      .groupBy("session_id")
      .$if(hasError != null, (sessions) =>
        sessions.having(sql<SqlBool>`bool_or(status = 'ERROR') = ${hasError}`),
      )
      .$if(minTraceCount != null, (sessions) => sessions.having(sql<SqlBool>`count(*) >= ${minTraceCount}`)),
  isSettled: (quietMs) => sql<SqlBool>`not exists (
    select from traces writing
    where writing.project_id = traces.project_id and writing.session_id = traces.session_id
      and ${isBeingWritten("writing", quietMs)}
  )`,
  exists: (projectId, targetId) =>
    sql<SqlBool>`exists (select from traces where project_id = ${projectId} and session_id = ${targetId})`,
  traceCount: (projectId, targetId) =>
    sql<number>`(select count(*) from traces where project_id = ${projectId} and session_id = ${targetId})`,
  // A score with failed signals can be retried.
  isDone: (run, targetId, metric) => sql<SqlBool>`exists (
    select from session_scores score
    where score.project_id = ${run.project_id} and score.eval_run_id = ${run.id}
      and score.session_id = ${targetId} and score.name = ${metric} and score.status = 'SUCCESS'
      and score.metadata -> 'failed_signals' is null
  )`,
  async insertScores(db, scores) {
    const deleted = await deletedTraces(db, scores);
    // Locks one trace of each session in the order of trace ids, as all code does, so that no two transactions
    // deadlock.
    await sql`
      insert into session_scores
        (project_id, id, session_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, metadata,
          content_hash)
      select score.project_id, score.id, score.target_id, score.name, 'NUMERIC', score.value, score.numeric_value,
        'AUTOMATED', score.status, score.eval_run_id, score.reason, score.metadata::json,
        score.content_hash
      from (
        select score.*
        from json_to_recordset(${JSON.stringify(scores.map(scoreRow))}) as score(
          project_id uuid, id uuid, target_id text, name text, value text, numeric_value float8, status text,
          eval_run_id uuid, reason text, metadata text, content_hash bigint)
        order by (
          select trace_id from traces trace
          where trace.project_id = score.project_id and trace.session_id = score.target_id
          order by trace_id limit 1)
        offset 0
      ) as score
      join lateral (
        select from traces trace
        where trace.project_id = score.project_id and trace.session_id = score.target_id
        order by trace_id
        limit 1
        for key share
      ) as trace on true
      on conflict (project_id, eval_run_id, session_id, name) where eval_run_id is not null do nothing`.execute(
      db,
    );
    const [first] = scores;
    if (first === undefined || deleted.length === 0) return;
    const sessions = scores.map(({ target_id }) => target_id);
    await eraseSessionQuotes(db, first.project_id, deleted, sessions);
  },
};

/** @throws ProblemError `unknown_metric` */
export function resolveSessionMetric(name: string): SessionMetric {
  const metric = findSessionMetric(name);
  if (metric === undefined) throw unknownMetric("session", name);
  return metric;
}

/** The traces with failed signals that have been deleted. Locks the others, so that they stay until the scores are stored. */
async function deletedTraces(db: DatabaseTransaction, scores: readonly NewScore[]): Promise<string[]> {
  const failed = [...new Set(scores.flatMap(({ failedTraces = [] }) => failedTraces))];
  const [first] = scores;
  if (first === undefined || failed.length === 0) return [];
  const rows = await db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", first.project_id)
    .where(isOneOf(failed))
    .orderBy("trace_id")
    .forKeyShare()
    .execute();
  const existing = new Set(rows.map(({ trace_id }) => trace_id));
  return failed.filter((id) => !existing.has(id));
}
