import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { NewScore } from "./outcome.ts";
import { scoreRow } from "./score-row.ts";

/**
 * Stores scores that a run gave to traces: what its pairs came to, or the signals of a session. The first score of a run,
 * trace and metric stands. A trace that was deleted meanwhile gets none, nor does a run that has ended or is gone.
 */
export async function insertTraceScores(db: DatabaseTransaction, scores: readonly NewScore[]): Promise<void> {
  // In one order, so that two who store the same ones wait for each other instead of deadlocking.
  await sql`
    insert into trace_scores
      (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, environment, metadata)
    select score.project_id, score.id, score.target_id, score.name, 'NUMERIC', score.value, score.numeric_value,
      'AUTOMATED', score.status, score.eval_run_id, score.reason, trace.environment, score.metadata::json
    from json_to_recordset(${JSON.stringify(scores.map(scoreRow))}) as score(
      project_id uuid, id uuid, target_id uuid, name text, value text, numeric_value float8, status text,
      eval_run_id uuid, reason text, metadata text)
    join eval_runs run on run.project_id = score.project_id and run.id = score.eval_run_id
      and run.status in ('PENDING', 'RUNNING')
    join traces trace on trace.project_id = score.project_id and trace.trace_id = score.target_id
    order by score.target_id, score.name
    for key share of run, trace
    on conflict (project_id, eval_run_id, trace_id, name) where eval_run_id is not null do nothing`.execute(
    db,
  );
}
