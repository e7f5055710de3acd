import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { createDatabase, createPool } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";

/** Creates a migrated database for tests to clone, which takes a few hundredths of the time of migrating. */
export async function createTemplateDatabase(adminUrl: string): Promise<string> {
  const name = `pandaprobe_template_${randomBytes(6).toString("hex")}`;
  await administer(adminUrl, `create database ${name}`);
  const pool = connect(databaseUrl(adminUrl, name));
  const db = createDatabase(pool);
  await migrate(db, pool, pino({ level: "silent" }));
  await db.destroy();
  return name;
}

/** Runs one statement that cannot run in the database that it changes. */
export async function administer(adminUrl: string, statement: string): Promise<void> {
  const pool = connect(adminUrl);
  await pool.query(statement);
  await pool.end();
}

export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function connect(connectionString: string) {
  return createPool({
    connectionString,
    maxConnections: 4,
    applicationName: "pandaprobe tests",
    onConnectionError: () => undefined,
  });
}
