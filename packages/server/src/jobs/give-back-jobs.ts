import { sql } from "kysely";
import type { Database } from "../db/database.ts";

/** Jobs that a living worker has, by their ids; or all that it has had for so long, but for those that it works at. */
type Which =
  | { readonly ids: readonly string[] }
  | { readonly allBut: readonly string[]; readonly heldForMs: number };

/**
 * Gives jobs back to the queue, to be begun again at once. The try does not count: nobody died of it, and the queue's own
 * pauses after a failure, which grow from try to try, are not for work that was only put down.
 */
export async function giveBackJobs(db: Database, workerId: string, which: Which): Promise<void> {
  const are =
    "ids" in which
      ? sql`id = any (${which.ids}::bigint[])`
      : sql`id <> all (${which.allBut}::bigint[])
          and locked_at < clock_timestamp() - make_interval(secs => ${which.heldForMs / 1000})`;
  await sql`
    with given_back as (
      update graphile_worker._private_jobs
      -- Under another id it cannot be ended any more by whoever had begun it.
      set id = default, attempts = greatest(attempts - 1, 0), locked_by = null, locked_at = null
      where locked_by = ${workerId} and ${are}
      returning job_queue_id
    )
    update graphile_worker._private_job_queues queue set locked_by = null, locked_at = null
    from given_back where queue.id = given_back.job_queue_id and queue.locked_by = ${workerId}`.execute(db);
}
