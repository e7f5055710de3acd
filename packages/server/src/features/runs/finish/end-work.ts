import { sql } from "kysely";
import type { DatabaseTransaction } from "../../../db/database.ts";
import { dispatcherKey } from "../dispatch/dispatch-run.ts";
import { evaluateTargetTask } from "../dispatch/queue-targets.ts";
import { notifyRunChanged } from "../run-notifications.ts";

/**
 * Ends all work for a run before its time: its jobs leave the queue, and once the transaction commits, whoever is at work
 * for it starts no new judge call.
 */
export async function endWork(db: DatabaseTransaction, runId: string): Promise<void> {
  await sql`select graphile_worker.remove_job(${dispatcherKey(runId)})`.execute(db);
  // Those that a worker has are its own to end.
  await sql`
    select count(*) from graphile_worker.complete_jobs(array(
      select job.id from graphile_worker._private_jobs job
      join graphile_worker._private_tasks task on task.id = job.task_id
      where task.identifier = ${evaluateTargetTask} and job.payload ->> 'run_id' = ${runId} and job.locked_at is null
    ))`.execute(db);
  await notifyRunChanged(db, runId, "ended");
}
