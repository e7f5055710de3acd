import {
  judgeOf,
  type OwnMetric,
  resolveMetric,
  traceTargets,
  unknownMetric,
} from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../../db/database.ts";
import { isOpenRun } from "../../../db/open-run.ts";
import { asksJudge, type TraceMetric } from "../../../metrics/metric.ts";
import { findTraceMetric } from "../../../metrics/registry.ts";
import { isBeingWritten } from "../../traces/being-written.ts";
import { matchesFilters, type TraceFilters } from "../../traces/trace-filters.ts";
import { type NewScore, scoreRow } from "../outcome.ts";
import type { TargetKind } from "./target-kind.ts";

/** Traces as targets. */
export const traceKind: TargetKind<TraceFilters> = {
  ...traceTargets,
  resolveMetric: (name, own, ownNames) => {
    const metric = resolveTraceMetric(name, own, ownNames);
    return { ...metric, asks: asksJudge(metric), own, model: own && judgeOf(own.definition) };
  },
  matching: (db, projectId, filters) =>
    db
      .selectFrom("traces")
      .select(sql<string>`trace_id::text`.as("target_id"))
      .where("project_id", "=", projectId)
      .where(matchesFilters(filters)),
  isSettled: (quietMs) => sql<SqlBool>`not ${isBeingWritten("traces", quietMs)}`,
  exists: (projectId, targetId) =>
    sql<SqlBool>`exists (select from traces where project_id = ${projectId} and trace_id = ${targetId}::uuid)`,
  traceCount: () => sql<number>`1`,
  isDone: (run, targetId, metric) => sql<SqlBool>`exists (
    select from trace_scores score
    where score.project_id = ${run.project_id} and score.eval_run_id = ${run.id}
      and score.trace_id = ${targetId}::uuid and score.name = ${metric} and score.status = 'SUCCESS'
  )`,
  insertScores: insertTraceScores,
};

/** @throws ProblemError `unknown_metric` */
export function resolveTraceMetric(
  name: string,
  own: OwnMetric | undefined,
  ownNames?: readonly string[],
): TraceMetric {
  resolveMetric("TRACE", name, own, ownNames);
  const metric = findTraceMetric(name, own);
  if (metric === undefined) throw unknownMetric("trace", name);
  return metric;
}

/**
 * Stores scores of traces: the items of a trace run, or the signals of a session run. The first score of a run, trace and
 * metric stays. Scores are dropped if the trace was deleted, or if the run has ended or was deleted.
 */
export async function insertTraceScores(db: DatabaseTransaction, scores: readonly NewScore[]): Promise<void> {
  // Ordered, so that two transactions that store the same scores wait instead of deadlocking.
  await sql`
    insert into trace_scores
      (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, environment, metadata,
        content_hash)
    select score.project_id, score.id, score.target_id, score.name, 'NUMERIC', score.value, score.numeric_value,
      'AUTOMATED', score.status, score.eval_run_id, score.reason, trace.environment, score.metadata::json,
      score.content_hash
    from json_to_recordset(${JSON.stringify(scores.map(scoreRow))}) as score(
      project_id uuid, id uuid, target_id uuid, name text, value text, numeric_value float8, status text,
      eval_run_id uuid, reason text, metadata text, content_hash bigint)
    join eval_runs run on run.project_id = score.project_id and run.id = score.eval_run_id
      and ${isOpenRun("run")}
    join traces trace on trace.project_id = score.project_id and trace.trace_id = score.target_id
    order by score.target_id, score.name
    for key share of run, trace
    on conflict (project_id, eval_run_id, trace_id, name) where eval_run_id is not null do nothing`.execute(
    db,
  );
}
