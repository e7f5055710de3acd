import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { isOpenRun } from "../../db/open-run.ts";
import { removeWaitingJobs } from "../../db/queue/job-tables.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { Log } from "../../log.ts";
import { recordEvent } from "../audit/audit-log.ts";
import { endRun } from "../runs/finish/end-run.ts";

/** How many rows one transaction erases. */
const batchSize = 1000;

/**
 * Hides a project from the API and frees its name at once. Its data is left for `eraseProject`.
 *
 * @returns whether there was such a project.
 */
export async function deleteProject(db: Database, projectId: string): Promise<boolean> {
  return inTransaction(db, async (transaction) => {
    const { numAffectedRows = 0n } = await sql`
      -- No request can use this name, and an older server does not find the project.
      update projects set name = 'deleted:' || id, deleted_name = name
      where id = ${projectId} and deleted_name is null`.execute(transaction);
    return numAffectedRows > 0n;
  });
}

/** Erases the data of all deleted projects. Any number of processes may call it at once. */
export async function eraseDeletedProjects(db: Database, log: Log, stop: AbortSignal): Promise<void> {
  const projects = await db
    .selectFrom("projects")
    .select("id")
    .where("deleted_name", "is not", null)
    .execute();
  for (const { id } of projects) {
    if (stop.aborted) return;
    if (await eraseProject(db, id, stop)) log.info({ project: id }, "Erased a deleted project.");
  }
}

/**
 * Erases all data of a deleted project in batches. Called again, it continues where it stopped.
 *
 * @returns whether this call finished.
 */
export async function eraseProject(db: Database, projectId: string, stop: AbortSignal): Promise<boolean> {
  await endRuns(db, projectId);
  const tables = await projectTables(db);
  // Work that was in flight when the project was deleted may still write.
  while ((await eraseRows(db, projectId, tables, stop)) > 0) if (stop.aborted) return false;
  if (stop.aborted) return false;
  const isLast = await inTransaction(db, async (transaction) => {
    const erased = await transaction
      .deleteFrom("projects")
      .where("id", "=", projectId)
      .where("deleted_name", "is not", null)
      .returning(["organization_id", "deleted_name"])
      .executeTakeFirst();
    if (erased === undefined) return false;
    await recordEvent(transaction, erased.organization_id, {
      action: "project.erased",
      project: erased.deleted_name,
      subject: projectId,
    });
    return true;
  });
  // Rows without a foreign key to the project, such as usage deltas from the erasure itself.
  await eraseRows(db, projectId, tables, stop);
  return isLast;
}

/** Erases an organization: its keys stop working first, then its projects are erased one by one. Safe to call again. */
export async function deleteOrganization(db: Database, organizationId: string): Promise<void> {
  const never = new AbortController().signal;
  await db
    .updateTable("api_keys")
    .set({ revoked_at: sql<string>`now_ms()` })
    .where("organization_id", "=", organizationId)
    .where("revoked_at", "is", null)
    .execute();
  const projects = await db
    .selectFrom("projects")
    .select("id")
    .where("organization_id", "=", organizationId)
    .execute();
  for (const { id } of projects) {
    await deleteProject(db, id);
    await eraseProject(db, id, never);
  }
  const keysOf = sql<SqlBool>`api_key_id in (select id from api_keys where organization_id = ${organizationId})`;
  await db.deleteFrom("rate_limits").where(keysOf).execute();
  await db.deleteFrom("request_counts").where(keysOf).execute();
  await db.deleteFrom("organizations").where("id", "=", organizationId).execute();
}

/** Ends the runs of a project and removes its jobs from the queue. Jobs that a worker has taken stop by themselves. */
async function endRuns(db: Database, projectId: string): Promise<void> {
  const open = await db
    .selectFrom("eval_runs")
    .select(["project_id", "id"])
    .where("project_id", "=", projectId)
    .where(isOpenRun())
    .execute();
  for (const run of open) {
    await inTransaction(db, (transaction: DatabaseTransaction) =>
      endRun(transaction, run, { status: "FAILED", reason: "The project was deleted." }),
    );
  }
  await removeWaitingJobs(db, { field: "project_id", id: projectId });
}

/**
 * The tables whose rows belong to projects, read from the catalogue so that none is missed. Referencing tables come
 * first, so that no deletion cascades to many rows. Usage counters come last, because erasing other rows changes them.
 */
async function projectTables(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    with recursive owned as (
      select table_class.oid from pg_class table_class
      join pg_attribute on attrelid = table_class.oid and attname = 'project_id' and not attisdropped
      where table_class.relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace
    ), depth as (
      select oid, case when exists (
        select from pg_constraint where contype = 'f' and conrelid = owned.oid) then 1 else 0 end as n
      from owned
      union
      select conrelid, depth.n + 1 from depth
      join pg_constraint on contype = 'f' and confrelid = depth.oid and conrelid <> confrelid
      where depth.n between 1 and 20
    )
    select relname as name from depth join pg_class using (oid)
    group by relname order by max(n) desc, relname like '%deltas' desc, relname`.execute(db);
  return rows.map(({ name }) => name);
}

/** @returns how many rows were erased. */
async function eraseRows(
  db: Database,
  projectId: string,
  tables: readonly string[],
  stop: AbortSignal,
): Promise<number> {
  let total = 0;
  for (const table of tables) {
    let erased = batchSize;
    while (erased >= batchSize && !stop.aborted) {
      const { numAffectedRows = 0n } = await inTransaction(db, (transaction) =>
        sql`
          delete from ${sql.table(table)} where ctid = any(array(
            select ctid from ${sql.table(table)} where project_id = ${projectId} limit ${batchSize}))`.execute(
          transaction,
        ),
      );
      erased = Number(numAffectedRows);
      total += erased;
    }
  }
  return total;
}
