import { sql } from "kysely";
import type { Database } from "../db/database.ts";

/**
 * The queue of the jobs that are tried for the last time, in all processes one after the other: whoever's process dies
 * then has died of its own target, and not of one that was evaluated beside it.
 */
export const quarantineQueue = "last tries";

export async function prepareQuarantine(db: Database): Promise<void> {
  await sql`
    insert into graphile_worker._private_job_queues (queue_name) values (${quarantineQueue})
    on conflict (queue_name) do nothing`.execute(db);
}
