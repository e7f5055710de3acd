import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import { changePriority } from "../../../db/queue/job-tables.ts";
import type { RunKey } from "../../../db/run-key.ts";

/** The task that evaluates one target of a run. */
export const evaluateTargetTask = "evaluate_target";

/** The queue's attempt limit for jobs that fail because of the server. `evaluateTarget` gives up well before that. */
export const maxJobAttempts = 25;

/** Priorities in the queue: lower numbers go first. */
export const queuePriority = {
  /** Takes milliseconds, and creates work for all workers. */
  dispatcher: -20,
  /** A target that failed once: its virtual start time has passed. */
  retry: -10,
  /** All other targets, in the order of their virtual start times. */
  target: 0,
};

interface NextTargets {
  /** The position of the first target to queue. */
  readonly from: number;
  /** The position after the last one. */
  readonly to: number;
  /** Virtual start times come after this one, `step` apart. */
  readonly after: number;
  readonly step: number;
  readonly flags: readonly string[];
}

/**
 * Hands targets to the queue, which runs jobs of the same priority in the order of `run_at`. A virtual start time is
 * passed as that many milliseconds after 1970, which is always in the past, so no job waits for its time.
 *
 * Rejected: virtual times as priorities. A priority has 16 bits, too few for a run of 100,000 targets.
 */
export async function queueTargets(
  db: DatabaseTransaction,
  run: RunKey,
  { from, to, after, step, flags }: NextTargets,
): Promise<void> {
  // In the payload, `turn` is the virtual start time.
  await sql`
    select count(*) from graphile_worker.add_jobs((
      select array_agg(row(
        ${evaluateTargetTask}::text,
        json_build_object('project_id', project_id, 'run_id', run_id, 'position', position, 'turn', turn),
        null, timestamptz 'epoch' + turn * interval '1 millisecond', ${maxJobAttempts}::int, null,
        ${queuePriority.target}::int, ${flags}::text[]
      )::graphile_worker.job_spec order by position)
      from eval_run_targets, lateral (
        select ${after}::bigint + ${step}::bigint * (position - ${from}::integer + 1) as turn
      ) as turns
      where project_id = ${run.project_id} and run_id = ${run.id} and position >= ${from} and position < ${to}
    ))`.execute(db);
}

/** Between all virtual start times, which are shortly after 1970, and all times of retries. */
const afterVirtualTimes = new Date("2001-01-01T00:00:00Z");

/**
 * Puts targets that failed once before all others. The queue sets `run_at` of a failed job to the real time of its next
 * attempt, which comes after all virtual start times.
 */
export async function prioritizeRetries(db: Database): Promise<void> {
  await changePriority(db, evaluateTargetTask, {
    from: queuePriority.target,
    to: queuePriority.retry,
    dueAfter: afterVirtualTimes,
  });
}
