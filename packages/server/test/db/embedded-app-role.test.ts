/** @module-tag slow */
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { runningConnectionString } from "../../src/db/embedded/index.ts";
import { isMigrated, migrate } from "../../src/db/migrate.ts";
import { testPool } from "../support/test-pool.ts";
import { bootstrapUrl, query, start, temporaryFolder } from "./data-folders.ts";
import { runningOwner } from "./spawn-owner.ts";

/** What the bootstrap role owns, apart from PostgreSQL's own objects and the functions of range types. */
const ownedByBootstrapRole = `
  WITH owned AS (
    SELECT 'pg_class'::regclass AS catalog, oid, relowner AS owner FROM pg_class
    UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type
    UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace
    UNION ALL SELECT 'pg_database'::regclass, oid, datdba FROM pg_database)
  SELECT type, identity FROM owned, pg_identify_object(catalog, oid, 0)
   WHERE owner = 10 AND oid >= 16384 AND identity NOT LIKE 'pg\\_%'
     AND NOT (type = 'function'
              AND EXISTS (SELECT FROM pg_depend WHERE classid = catalog AND objid = oid AND deptype = 'i'))`;

async function withDatabase<T>(
  connectionString: string,
  use: (db: ReturnType<typeof createDatabase>, pool: ReturnType<typeof testPool>) => Promise<T>,
): Promise<T> {
  const pool = testPool(connectionString, 4);
  const db = createDatabase(pool);
  try {
    return await use(db, pool);
  } finally {
    await db.destroy();
  }
}

const migrateDatabase = (url: string) =>
  withDatabase(url, (db, pool) => migrate(db, pool, pino({ level: "silent" })));

/** Turns a folder into what servers left before there was an app role: the bootstrap role owns everything. */
async function undoAppRole(dataDir: string, connectionString: string): Promise<string> {
  const url = await bootstrapUrl(dataDir, connectionString);
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  await query(maintenance.href, "DROP DATABASE pandaprobe WITH (FORCE)");
  await query(maintenance.href, "DROP ROLE IF EXISTS pandaprobe_app");
  await query(maintenance.href, "CREATE DATABASE pandaprobe");
  await rm(join(dataDir, "postgres", "pandaprobe-app.password"), { force: true });
  await migrateDatabase(url);
  await query(
    url,
    `CREATE SCHEMA "Side notes";
     CREATE TYPE "Side notes".mood AS ENUM ('good', 'bad');
     CREATE TYPE "Side notes".pair AS (a int, b int);
     CREATE DOMAIN "Side notes".even AS int CHECK (VALUE % 2 = 0);
     CREATE TYPE "Side notes".span AS RANGE (subtype = int);
     CREATE TABLE "Side notes"."my table" (id serial PRIMARY KEY, at int GENERATED ALWAYS AS IDENTITY, mood "Side notes".mood)
       PARTITION BY RANGE (id);
     CREATE TABLE "Side notes".part PARTITION OF "Side notes"."my table" DEFAULT;
     CREATE VIEW "Side notes".seen AS SELECT id FROM "Side notes"."my table";
     CREATE MATERIALIZED VIEW "Side notes".stored AS SELECT 1 AS one;
     CREATE SEQUENCE "Side notes".free;
     CREATE FUNCTION "Side notes".twice(n int, "odd name" text) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
     CREATE PROCEDURE "Side notes".nothing() LANGUAGE sql AS '';
     CREATE AGGREGATE "Side notes".total(int) (SFUNC = int4pl, STYPE = int, INITCOND = 0);
     CREATE EXTENSION IF NOT EXISTS plpgsql;
     INSERT INTO "Side notes"."my table" DEFAULT VALUES;
     SELECT graphile_worker.add_job('kept', '{"n": 1}')`,
  );
  return url;
}

test("the server's role owns the database, and can neither run programs, read files nor make superusers", async () => {
  const dataDir = await temporaryFolder();
  const { connectionString } = await start(dataDir);
  await migrateDatabase(connectionString);
  const [role] = await query(
    connectionString,
    `SELECT rolname AS name, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS may_more,
            (SELECT datdba = pg_roles.oid FROM pg_database WHERE datname = current_database()) AS owns
       FROM pg_roles WHERE rolname = current_user`,
  );
  expect(role).toEqual({ name: "pandaprobe_app", may_more: false, owns: true });
  for (const forbidden of [
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/pandaprobe-copy'",
    "CREATE TEMPORARY TABLE lines (line text); COPY lines FROM PROGRAM 'id'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE ROLE intruder SUPERUSER",
    "CREATE ROLE intruder LOGIN",
    "ALTER ROLE pandaprobe_app SUPERUSER",
    "ALTER ROLE pandaprobe PASSWORD 'guess'",
    "SET ROLE pandaprobe",
    "ALTER SYSTEM SET archive_command = 'id'",
    "CREATE DATABASE another",
    "CREATE FUNCTION run(text) RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
    "SELECT rolpassword FROM pg_authid",
  ]) {
    await expect(query(connectionString, forbidden), forbidden).rejects.toThrow(/permission denied|must be/i);
  }
  expect(await query(await bootstrapUrl(dataDir, connectionString), ownedByBootstrapRole)).toEqual([]);
  expect((await stat(join(dataDir, "postgres", "pandaprobe-app.password"))).mode & 0o777).toBe(0o600);
});

test("gives everything in an existing folder to the server's role", async () => {
  const dataDir = await temporaryFolder();
  const before = await start(dataDir);
  const bootstrap = await undoAppRole(dataDir, before.connectionString);
  expect(await query(bootstrap, ownedByBootstrapRole)).not.toEqual([]);
  await before.stop();

  const { connectionString } = await start(dataDir);
  expect(new URL(connectionString).username).toBe("pandaprobe_app");
  expect(await query(bootstrap, ownedByBootstrapRole)).toEqual([]);
  expect(await withDatabase(connectionString, (db) => isMigrated(db))).toBe(true);
  expect(await migrateDatabase(connectionString)).toEqual([]);
  expect(await query(connectionString, "SELECT task_identifier AS task FROM graphile_worker.jobs")).toEqual([
    { task: "kept" },
  ]);
  await query(
    connectionString,
    `SELECT graphile_worker.add_job('new', '{}');
     INSERT INTO "Side notes"."my table" (mood) VALUES ('good');
     ALTER TABLE "Side notes"."my table" ADD COLUMN note text;
     ALTER TYPE "Side notes".mood ADD VALUE 'fair';
     REFRESH MATERIALIZED VIEW "Side notes".stored;
     DROP FUNCTION "Side notes".twice;
     DROP SCHEMA "Side notes" CASCADE`,
  );
});

test("finishes giving objects away if it was killed halfway, and repairs a lost or wrong password", async () => {
  const dataDir = await temporaryFolder();
  const before = await start(dataDir);
  const bootstrap = await undoAppRole(dataDir, before.connectionString);
  await query(
    bootstrap,
    `CREATE ROLE pandaprobe_app SUPERUSER PASSWORD 'not the one in the file';
     ALTER TABLE traces OWNER TO pandaprobe_app;
     ALTER SCHEMA "Side notes" OWNER TO pandaprobe_app`,
  );
  await before.stop();

  const { connectionString } = await start(dataDir);
  expect(await query(bootstrap, ownedByBootstrapRole)).toEqual([]);
  expect(
    await query(connectionString, "SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user"),
  ).toEqual([{ super: false }]);
});

test("adopts a running PostgreSQL without the server's role, also with commands beside the server", async () => {
  const dataDir = await temporaryFolder();
  const killed = await runningOwner(dataDir);
  const bootstrap = await undoAppRole(dataDir, killed.connectionString);

  // Commands beside a server of an earlier version, several at once.
  const beside = await Promise.all([1, 2, 3, 4].map(() => runningConnectionString(dataDir)));
  expect(new Set(beside).size).toBe(1);
  expect(await query(bootstrap, ownedByBootstrapRole)).toEqual([]);
  await query(beside[0] ?? "", "SELECT count(*) FROM traces");
  const { uid } = await stat(join(dataDir, "postgres"));
  expect((await stat(join(dataDir, "postgres", "pandaprobe-app.password"))).uid).toBe(uid);

  await undoAppRole(dataDir, beside[0] ?? "");
  await killed.kill("SIGKILL");
  const [next, ...commands] = await Promise.all([
    start(dataDir),
    ...[1, 2, 3].map(() => runningConnectionString(dataDir)),
  ]);
  for (const url of commands) expect(url).toBe(next.connectionString);
  expect(await query(bootstrap, ownedByBootstrapRole)).toEqual([]);
  await query(next.connectionString, "SELECT count(*) FROM traces");
});
