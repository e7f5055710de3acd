/*
 * The only file that knows graphile-worker's private tables (`_private_jobs`, `_private_tasks`, `_private_job_queues`).
 * They may change with any release of graphile-worker: run test/jobs and test/runs after an update.
 */
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../database.ts";

/** Which of a worker's jobs: these ids, or all except these that it has held for at least `heldForMs`. */
type HeldJobs =
  | { readonly ids: readonly string[] }
  | { readonly allBut: readonly string[]; readonly heldForMs: number };

/** Jobs whose payload has this id in this field; of one task, or of any. */
interface JobsAbout {
  readonly field: "project_id" | "run_id";
  readonly id: string;
  readonly task?: string;
}

/** How many jobs may start now; at most `most`. */
export async function countDueJobs(db: Database, most: number): Promise<number> {
  const { rows } = await sql<{ due: number }>`
    select count(*)::integer as due from (
      select from graphile_worker._private_jobs where is_available and run_at <= now() limit ${most}
    ) jobs`.execute(db);
  return rows[0]?.due ?? 0;
}

/** Removes jobs from the queue. Workers finish the jobs that they have already taken. */
export async function removeWaitingJobs(
  db: Database | DatabaseTransaction,
  { field, id, task }: JobsAbout,
): Promise<void> {
  const isOfTask =
    task === undefined
      ? sql`true`
      : sql`task_id = (select id from graphile_worker._private_tasks where identifier = ${task})`;
  await sql`
    select count(*) from graphile_worker.complete_jobs(array(
      select id from graphile_worker._private_jobs
      where payload ->> ${sql.lit(field)} = ${id} and ${isOfTask} and locked_at is null))`.execute(db);
}

/** Sets the priority of a task's jobs that have the priority `from` and are due later than `dueAfter`. */
export async function changePriority(
  db: Database,
  task: string,
  { from, to, dueAfter }: { from: number; to: number; dueAfter: Date },
): Promise<void> {
  await sql`
    update graphile_worker._private_jobs job set priority = ${to}
    from graphile_worker._private_tasks task
    where job.is_available and job.priority = ${from} and job.run_at > ${dueAfter.toISOString()}
      and task.id = job.task_id and task.identifier = ${task}`.execute(db);
}

/**
 * Returns jobs of a live worker to the queue, where they may start again at once. This does not count as an attempt,
 * and the queue's growing pauses after a failure do not apply: the jobs were only interrupted.
 */
export async function giveBackJobs(db: Database, workerId: string, jobs: HeldJobs): Promise<void> {
  const isGivenBack =
    "ids" in jobs
      ? sql`id = any (${jobs.ids}::bigint[])`
      : sql`id <> all (${jobs.allBut}::bigint[])
          and locked_at < clock_timestamp() - make_interval(secs => ${jobs.heldForMs / 1000})`;
  await sql`
    with given_back as (
      update graphile_worker._private_jobs
      -- With a new id, the worker that started the job can no longer end it.
      set id = default, attempts = greatest(attempts - 1, 0), locked_by = null, locked_at = null
      where locked_by = ${workerId} and ${isGivenBack}
      returning job_queue_id
    )
    update graphile_worker._private_job_queues queue set locked_by = null, locked_at = null
    from given_back where queue.id = given_back.job_queue_id and queue.locked_by = ${workerId}`.execute(db);
}

/** Jobs of this task are moved to this queue before their last attempt. */
export interface Quarantine {
  readonly task: string;
  readonly queue: string;
  readonly maxAttempts: number;
}

/** Creates a queue whose jobs run one at a time across all processes. */
export async function createSerialQueue(db: Database, name: string): Promise<void> {
  await sql`
    insert into graphile_worker._private_job_queues (queue_name) values (${name})
    on conflict (queue_name) do nothing`.execute(db);
}

/**
 * Returns the jobs of dead workers to the queue: workers whose heartbeats stopped, and workers that died before their
 * first one. The attempt counts.
 *
 * A worker that was only frozen may wake up and continue. Its jobs have new ids by then, so it cannot complete jobs
 * that another worker has started since, and its scores count once.
 *
 * @returns the ids of the dead workers.
 */
export async function reclaimJobs(
  db: Database,
  { deadAfterMs, quarantine }: { deadAfterMs: number; quarantine: Quarantine },
): Promise<string[]> {
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
    ), reclaimed as (
      update graphile_worker._private_jobs job
      set id = default, locked_by = null, locked_at = null,
        job_queue_id = case when job.attempts >= ${quarantine.maxAttempts - 1} and task.identifier = ${quarantine.task}
          then (select id from graphile_worker._private_job_queues where queue_name = ${quarantine.queue})
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
