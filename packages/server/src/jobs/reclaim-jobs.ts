import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { evaluateTargetTask } from "../features/runs/dispatch/queue-targets.ts";
import { maxAttempts } from "../features/runs/evaluate/evaluate-target.ts";
import { quarantineQueue } from "./quarantine.ts";

/**
 * Gives the jobs of dead workers back to the queue: of those that have not told that they are alive, and of those that
 * never did, for they died too soon. The try that such a worker had begun counts.
 *
 * A worker that was only frozen may wake up and go on. Its jobs have other ids by then, so that it ends none that others
 * have begun since; and what it records counts once.
 *
 * @returns the dead workers.
 */
export async function reclaimJobs(db: Database, deadAfterMs: number): Promise<string[]> {
  const silence = sql`make_interval(secs => ${deadAfterMs / 1000})`;
  const { rows } = await sql<{ id: string }>`
    with dead as (
      delete from workers where seen_at < clock_timestamp() - ${silence} returning id, process_id
    ), unclaimed as (
      delete from judge_claims where process_id in (select process_id from dead)
    ), lost as (
      select distinct locked_by as id from graphile_worker._private_jobs
      where locked_at < clock_timestamp() - ${silence}
        and not exists (select from workers where workers.id = locked_by)
    ), all_dead as (
      select id from dead union select id from lost
    ), taken_over as (
      update graphile_worker._private_jobs job
      set id = default, locked_by = null, locked_at = null,
        job_queue_id = case when job.attempts >= ${maxAttempts - 1} and task.identifier = ${evaluateTargetTask}
          then (select id from graphile_worker._private_job_queues where queue_name = ${quarantineQueue})
          else job.job_queue_id end
      from graphile_worker._private_tasks task
      where task.id = job.task_id and job.locked_by in (select id from all_dead)
    ), unlocked as (
      update graphile_worker._private_job_queues set locked_by = null, locked_at = null
      where locked_by in (select id from all_dead)
    )
    select id from all_dead`.execute(db);
  return rows.map(({ id }) => id);
}
