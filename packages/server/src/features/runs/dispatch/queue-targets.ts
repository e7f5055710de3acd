import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";

/** The task that evaluates one target of a run. */
export const evaluateTargetTask = "evaluate_target";

/** How often a job is tried when the server itself fails; the task gives up well before. */
export const maxJobAttempts = 25;

/** What goes first in the queue: lower does. */
export const queuePriority = {
  /** Takes milliseconds, and makes work for all. */
  feeder: -20,
  /** A target that was begun before has had its turn. */
  begunBefore: -10,
  /** All others, in the order of their turns. */
  target: 0,
};

interface NextTargets {
  /** The positions of the first one, and of the first one that is left for later. */
  readonly from: number;
  readonly to: number;
  /** The turn before the first one's. */
  readonly afterTime: number;
  /** How far apart their turns are. */
  readonly step: number;
  readonly flags: readonly string[];
}

/**
 * Hands targets to the queue. Jobs of one priority go in the order of their time: turns are told to it as milliseconds
 * since 1970, which no job waits for.
 */
export async function queueTargets(
  db: DatabaseTransaction,
  run: RunKey,
  { from, to, afterTime, step, flags }: NextTargets,
): Promise<void> {
  await sql`
    select count(*) from graphile_worker.add_jobs((
      select array_agg(row(
        ${evaluateTargetTask}::text,
        json_build_object('project_id', project_id, 'run_id', run_id, 'position', position, 'turn', turn),
        null, timestamptz 'epoch' + turn * interval '1 millisecond', ${maxJobAttempts}::int, null,
        ${queuePriority.target}::int, ${flags}::text[]
      )::graphile_worker.job_spec order by position)
      from eval_run_targets, lateral (
        select ${afterTime}::bigint + ${step}::bigint * (position - ${from}::integer + 1) as turn
      ) as turns
      where project_id = ${run.project_id} and run_id = ${run.id} and position >= ${from} and position < ${to}
    ))`.execute(db);
}

/**
 * Lets targets that were begun before go first, once they are due. The queue gives a job that failed the time of its next
 * try, which comes after all turns.
 */
export async function prioritizeRetries(db: Database): Promise<void> {
  await sql`
    update graphile_worker._private_jobs job set priority = ${queuePriority.begunBefore}
    from graphile_worker._private_tasks task
    where job.is_available and job.priority = ${queuePriority.target} and job.run_at > timestamptz '2001-01-01'
      and task.id = job.task_id and task.identifier = ${evaluateTargetTask}`.execute(db);
}
