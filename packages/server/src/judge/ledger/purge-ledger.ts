import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { deleteInBatches } from "../../db/delete-in-batches.ts";
import { isOpenRun } from "../../db/open-run.ts";
import { withoutQuotes } from "./erase-answers.ts";
import { askedAtPrecision } from "./find-answers.ts";

/**
 * Deletes answers and calls that are older than `keptDays`, providers' messages in the errors of runs of that age, and
 * expired claims. Scores and the usage of runs stay.
 */
export async function purgeLedger(db: Database, keptDays: number, stop: AbortSignal): Promise<void> {
  const isOld = sql`created_at < now() - make_interval(days => ${keptDays})`;
  await deleteInBatches(db, { table: sql`judge_answers`, key: sql`project_id, key`, isOld }, stop);
  // Calls in flight are part of the usage of an open run.
  const isOldCall = sql`${isOld} and (status <> 'PENDING' or not exists (
    select from eval_runs run where run.project_id = judge_calls.project_id and run.id = judge_calls.run_id
      and ${isOpenRun("run")}))`;
  await deleteInBatches(db, { table: sql`judge_calls`, key: sql`project_id, id`, isOld: isOldCall }, stop);
  // Kept longer than answers, because a call may wait for a while after its question was recorded.
  const isOldQuestion = sql`asked_at < now() - make_interval(days => ${keptDays + 1}) - ${askedAtPrecision}`;
  await deleteInBatches(
    db,
    { table: sql`judge_questions`, key: sql`project_id, trace_id, key`, isOld: isOldQuestion },
    stop,
  );
  // When traces are deleted, such runs are found by their calls, which are gone now.
  await sql`
    update eval_runs set error_message = ${withoutQuotes(sql`error_message`)}
    where ${isOld} and error_message like '%“%'`.execute(db);
  const isExpired = sql`expires_at < now()`;
  await deleteInBatches(db, { table: sql`judge_claims`, key: sql`project_id, key`, isOld: isExpired }, stop);
}
