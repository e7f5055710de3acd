import { sql } from "kysely";
import type { Database } from "../../../../db/database.ts";
import { signalMetrics } from "../../../../metrics/signal-metrics.ts";
import type { TargetJob } from "../target-job.ts";

/**
 * Makes the signals that another run has of a session signals of this run, so that nobody is asked for them again: those
 * that the same model judged, or embedded (unless the run is to judge anew), and those that a person put right.
 */
export async function copySignals(
  db: Database,
  { key, target, judge }: TargetJob,
  fromRunId: string,
): Promise<void> {
  const metrics = signalMetrics({ index: 0, before: [] }).map(({ name, embeds }) => ({
    name,
    model: embeds ? judge.embeddingModel : judge.model,
  }));
  await sql`
    insert into trace_scores
      (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, environment, metadata)
    select score.project_id, gen_random_uuid(), score.trace_id, score.name, score.data_type, score.value,
      score.numeric_value, score.source, score.status, run.id, score.reason, score.environment, score.metadata
    from traces trace
    join eval_runs run on run.project_id = trace.project_id and run.id = ${key.run_id}
      and run.status in ('PENDING', 'RUNNING')
    join trace_scores score on score.project_id = trace.project_id and score.trace_id = trace.trace_id
      and score.eval_run_id = ${fromRunId} and score.status = 'SUCCESS'
    join json_to_recordset(${JSON.stringify(metrics)}) as metric(name text, model text) on metric.name = score.name
    where trace.project_id = ${key.project_id} and trace.session_id = ${target.id}
      and (score.source <> 'AUTOMATED' or not run.fresh and score.metadata ->> 'model' = metric.model)
    order by score.trace_id, score.name
    for key share of run, trace
    on conflict (project_id, eval_run_id, trace_id, name) where eval_run_id is not null do nothing`.execute(
    db,
  );
}
