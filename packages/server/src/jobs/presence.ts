import { hostname } from "node:os";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { Log } from "../log.ts";

/**
 * By the database's clock, which all processes share.
 *
 * @param places how many jobs of one project the worker takes at once.
 */
export async function tellPresence(db: Database, workerId: string, places: number): Promise<void> {
  const row = {
    id: workerId,
    pid: process.pid,
    hostname: hostname(),
    seen_at: sql<string>`clock_timestamp()`,
    places,
  };
  await db
    .insertInto("workers")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ seen_at: row.seen_at }))
    .execute();
}

export async function endPresence(db: Database, workerId: string): Promise<void> {
  await db.deleteFrom("workers").where("id", "=", workerId).execute();
}

/**
 * Gives the jobs of dead workers back to the queue: of those that have not told that they are alive, and of those that
 * never did, for they died too soon. A worker that was only frozen may go on with such a job; that does no harm, for
 * what it records counts once.
 */
export async function reapDeadWorkers(db: Database, deadAfterMs: number, log: Log): Promise<void> {
  const silence = sql`make_interval(secs => ${deadAfterMs / 1000})`;
  const { rows } = await sql<{ id: string }>`
    with dead as (
      delete from workers where seen_at < clock_timestamp() - ${silence} returning id
    ), lost as (
      select distinct locked_by as id from graphile_worker.jobs
      where locked_by is not null and locked_at < clock_timestamp() - ${silence}
        and not exists (select from workers where workers.id = locked_by)
    ), all_dead as (
      select id from dead union select id from lost
    ), unlocked as (
      select graphile_worker.force_unlock_workers(array_agg(id)) from all_dead having count(*) > 0
    )
    select id from all_dead, (select count(*) from unlocked) done`.execute(db);
  for (const { id } of rows) log.warn({ worker: id }, "A worker died; its work goes on elsewhere.");
}
