import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { testPool } from "../support/test-pool.ts";
import { bootstrapUrl, query, start, temporaryFolder } from "./data-folders.ts";

test("the role of docs/security.md can run the server, and take over the objects of another one", async () => {
  const page = await readFile(new URL("../../../../docs/security.md", import.meta.url), "utf8");
  const [create, handOver] = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = ""]) =>
    sql.split(";\n").filter((statement) => statement.trim() !== ""),
  );
  const dataDir = await temporaryFolder();
  const { connectionString } = await start(dataDir);
  const admin = new URL(await bootstrapUrl(dataDir, connectionString));
  admin.pathname = "/postgres";
  // The embedded PostgreSQL already has a role and a database of this name.
  const renamed = (statement: string) => statement.replaceAll("pandaprobe", "documented");
  for (const statement of create ?? []) await query(admin.href, renamed(statement));
  await query(
    admin.href,
    "CREATE ROLE old_role LOGIN PASSWORD 'old'; GRANT ALL ON DATABASE documented TO old_role",
  );
  await query(admin.href, "ALTER DATABASE documented OWNER TO old_role");
  admin.pathname = "/documented";
  const url = (role: string, password: string) =>
    Object.assign(new URL(admin.href), { username: role, password }).href;

  await migrateAs(url("old_role", "old"));
  for (const statement of handOver ?? []) await query(admin.href, renamed(statement));
  await query(admin.href, "DROP ROLE old_role");
  expect(await migrateAs(url("documented", "choose-one"))).toEqual([]);
  await query(url("documented", "choose-one"), "SELECT graphile_worker.add_job('kept')");
  const copy = query(url("documented", "choose-one"), "COPY traces TO PROGRAM 'cat'");
  await expect(copy).rejects.toThrow(/permission denied/);

  await query(
    url("documented", "choose-one"),
    "DROP SCHEMA graphile_worker CASCADE; DROP OWNED BY CURRENT_USER",
  );
  expect((await migrateAs(url("documented", "choose-one"))).length).toBeGreaterThan(0);
});

async function migrateAs(connectionString: string): Promise<string[]> {
  const pool = testPool(connectionString, 4);
  const db = createDatabase(pool);
  try {
    return await migrate(db, pool, pino({ level: "silent" }));
  } finally {
    await db.destroy();
  }
}
