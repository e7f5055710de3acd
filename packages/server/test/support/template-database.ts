import { randomBytes } from "node:crypto";
import pg from "pg";
import { pino } from "pino";
import { createDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { query } from "./query.ts";
import { testPool } from "./test-pool.ts";
import { waitUntil } from "./wait-until.ts";

/** Creates a migrated database for tests to clone, which takes a few hundredths of the time of migrating. */
export async function createTemplateDatabase(adminUrl: string): Promise<string> {
  const name = `pandaprobe_template_${randomBytes(6).toString("hex")}`;
  await query(adminUrl, `create database ${name}`);
  const pool = testPool(databaseUrl(adminUrl, name), 4);
  const db = createDatabase(pool);
  await migrate(db, pool, pino({ level: "silent" }));
  await db.destroy();
  return name;
}

/** Drops a database with its connections. Only a superuser may end an autovacuum worker; other roles wait until it is done. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await waitUntil(async () => {
    try {
      await query(adminUrl, `drop database if exists ${name} with (force)`);
      return true;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === insufficientPrivilege) return false;
      throw error;
    }
  });
}

const insufficientPrivilege = "42501";

export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
