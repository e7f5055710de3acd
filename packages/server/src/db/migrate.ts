import { runMigrations } from "graphile-worker";
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import type { Pool } from "pg";
import type { Log } from "../log.ts";
import type { Database } from "./database.ts";
import { migrations } from "./migrations/index.ts";
import { queueLogger } from "./queue/queue-logger.ts";

const known = Object.keys(migrations);

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
    // Kysely describes all tables, twice, before it finds that nothing is missing, which takes longer than the rest of
    // a start.
    const applied = await appliedMigrations(db);
    if (applied.size === known.length && known.every((name) => applied.has(name))) return [];
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    return results.filter((result) => result.status === "Success").map((result) => result.migrationName);
  } finally {
    // The lock ends with its session.
    lock.release(true);
  }
}

/** Whether all migrations that this code needs have been applied. */
export async function isMigrated(db: Database): Promise<boolean> {
  const applied = await appliedMigrations(db);
  return known.every((name) => applied.has(name));
}

async function appliedMigrations(db: Database): Promise<ReadonlySet<string>> {
  const table = await sql<{ name: string | null }>`select to_regclass('kysely_migration') name`.execute(db);
  if (table.rows[0]?.name == null) return new Set();
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
