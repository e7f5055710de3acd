import { runMigrations } from "graphile-worker";
import { Migrator } from "kysely/migration";
import type { Pool } from "pg";
import type { Log } from "../log.ts";
import type { Database } from "./database.ts";
import { migrations } from "./migrations/index.ts";
import { queueLogger } from "./queue/queue-logger.ts";

/** An arbitrary number, the same in all processes. The process that holds this lock migrates. */
const migrationLock = 7_263_544_021;

/**
 * Applies the missing migrations of our tables and the job queue's. Any number of processes may do this at once.
 *
 * @returns the names of the migrations that were applied.
 */
export async function migrate(db: Database, pool: Pool, log: Log): Promise<string[]> {
  const lock = await pool.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [migrationLock]);
    await runMigrations({ pgPool: pool, logger: queueLogger(log) });
    const { error, results = [] } = await migrator(db).migrateToLatest();
    if (error !== undefined) throw error;
    return results.filter((result) => result.status === "Success").map((result) => result.migrationName);
  } finally {
    // The lock ends with its session.
    lock.release(true);
  }
}

/** Whether all migrations that this code needs have been applied. */
export async function isMigrated(db: Database): Promise<boolean> {
  const all = await migrator(db).getMigrations();
  return all.every((migration) => migration.executedAt !== undefined);
}

function migrator(db: Database): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}
