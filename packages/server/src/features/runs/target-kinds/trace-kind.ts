import { type SqlBool, sql } from "kysely";
import { asksJudge } from "../../../metrics/metric.ts";
import { matchesFilters, type TraceFilters } from "../../traces/trace-filters.ts";
import { insertTraceScores } from "../insert-trace-scores.ts";
import { resolveTraceMetric } from "../run-metrics.ts";
import type { TargetKind } from "./target-kind.ts";

/** Targets that are traces. */
export const traceKind: TargetKind<TraceFilters> = {
  type: "TRACE",
  noun: "trace",
  idsField: "trace_ids",
  resolveMetric: (name) => {
    const metric = resolveTraceMetric(name);
    return { ...metric, asks: asksJudge(metric) };
  },
  matching: (db, projectId, filters) =>
    db
      .selectFrom("traces")
      .select(sql<string>`trace_id::text`.as("target_id"))
      .where("project_id", "=", projectId)
      .where(matchesFilters(filters)),
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
