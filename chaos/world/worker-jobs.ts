import type { World } from "./world.ts";

/** The targets of the jobs that a worker has right now. */
export async function jobsOf({ database }: World, pid: number): Promise<readonly string[]> {
  const rows = await database.rows<{ target: string }>(
    `select concat_ws(' ', payload ->> 'run_id', payload ->> 'position') as target
     from graphile_worker._private_jobs job join workers on workers.id = job.locked_by
     where workers.pid = $1 and payload ->> 'position' is not null`,
    [pid],
  );
  return rows.map(({ target }) => target);
}

/**
 * Whether each of these jobs was started by a living worker, has ended, or waits in quarantine.
 */
export async function areReclaimed(
  { database }: World,
  targets: readonly string[],
  deadPid: number,
): Promise<boolean> {
  const { waiting } = await database.row<{ waiting: number }>(
    `select count(*)::integer as waiting from graphile_worker._private_jobs job
     left join workers on workers.id = job.locked_by
     where concat_ws(' ', payload ->> 'run_id', payload ->> 'position') = any ($1)
       and ((job.locked_by is null and job.job_queue_id is null)
         or (job.locked_by is not null and (workers.pid is null or workers.pid = $2)))`,
    [targets, deadPid],
  );
  return waiting === 0;
}
