import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { deleteInBatches } from "../../db/delete-in-batches.ts";

/** Deletes answers and calls of the ledger that are older than so many days. Scores and the usage of runs stay. */
export async function forgetOldAnswers(db: Database, keptDays: number, stop: AbortSignal): Promise<void> {
  const isOld = sql`created_at < now() - make_interval(days => ${keptDays})`;
  await deleteInBatches(db, { table: sql`judge_answers`, key: sql`project_id, key`, isOld }, stop);
  // What is under way counts for its run; that it has ended will be noted here.
  const hasEnded = sql`${isOld} and (status <> 'PENDING' or not exists (
    select from eval_runs run where run.project_id = judge_calls.project_id and run.id = judge_calls.run_id
      and run.status in ('PENDING', 'RUNNING')))`;
  await deleteInBatches(db, { table: sql`judge_calls`, key: sql`project_id, id`, isOld: hasEnded }, stop);
}
