import { EvalRunFilters, type EvalRunResponse } from "@pandaprobe/contract";
import { type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { JsonObject, Row } from "../../db/schema.ts";
import type { Judges } from "../../judge/judges.ts";
import { createTraceRun, type RunRequest } from "../runs/create-run.ts";
import { resolveJudge } from "../runs/resolve-judge.ts";
import { resolveTraceMetrics } from "../runs/run-metrics.ts";
import { schemaProblem } from "../schema-problem.ts";
import { matchesFilters } from "../traces/trace-filters.ts";

/** What a monitor evaluates, as it is stored. */
export type Evaluation = Pick<
  Row<"monitors">,
  "target_type" | "metric_names" | "filters" | "sampling_rate" | "model"
>;

/**
 * Checks what a monitor is to evaluate as a run of it would be.
 *
 * @returns it with each metric once. @throws ProblemError
 */
export function checkedEvaluation(judges: Judges, evaluation: Evaluation): Evaluation {
  const metrics = resolveTraceMetrics(evaluation.metric_names);
  readFilters(evaluation.filters);
  resolveJudge(judges, evaluation.model, metrics);
  return { ...evaluation, metric_names: metrics.map((metric) => metric.name) };
}

/** Makes one run of it. @throws ProblemError where it cannot be made now, or nothing matches. */
export function runEvaluation(
  request: RunRequest,
  name: string,
  evaluation: Evaluation,
): Promise<EvalRunResponse> {
  return createTraceRun(request, {
    name,
    metrics: evaluation.metric_names,
    filters: readFilters(evaluation.filters),
    sampling_rate: evaluation.sampling_rate,
    model: evaluation.model,
  });
}

/** Whether anything that it would evaluate was stored or changed since `seen` (all of it, where that is `null`). */
export async function lookForChanges(
  db: DatabaseTransaction,
  projectId: string,
  { filters }: Evaluation,
  seen: string | null,
): Promise<{ hasChanged: boolean; seen: string }> {
  const changed = db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where(matchesFilters(readFilters(filters)))
    .where(sql<SqlBool>`changed_xid >= pg_snapshot_xmin(${seen}::pg_snapshot)`)
    .where(sql<SqlBool>`not pg_visible_in_snapshot(changed_xid, ${seen}::pg_snapshot)`)
    // A restored dump may bring rows of another cluster, whose transactions this one has not come to yet.
    .where(sql<SqlBool>`changed_xid < pg_snapshot_xmax(pg_current_snapshot())`);
  // One statement sees with one snapshot: what it does not see is not seen.
  return db
    .selectNoFrom((row) => [
      sql<boolean>`${seen}::pg_snapshot is null
        or pg_snapshot_xmax(${seen}::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
        or ${row.exists(changed)}`.as("hasChanged"),
      sql<string>`pg_current_snapshot()::text`.as("seen"),
    ])
    .executeTakeFirstOrThrow();
}

function readFilters(filters: JsonObject): EvalRunFilters {
  const { data, error } = EvalRunFilters.safeParse(filters);
  if (error === undefined) return data;
  throw schemaProblem(
    "invalid_filters",
    error.issues.map((issue) => ({ at: ["body", "filters"], issue })),
  );
}
