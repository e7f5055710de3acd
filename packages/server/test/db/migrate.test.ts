import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { isMigrated, migrate } from "../../src/db/migrate.ts";
import { query } from "../support/query.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";

test("a migrated database is left alone, and one of a newer server is refused", async () => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const pool = testPool(url, 4);
  const db = createDatabase(pool);
  onTestFinished(() => db.destroy());
  const log = pino({ level: "silent" });
  expect(await migrate(db, pool, log)).toEqual([]);
  expect(await isMigrated(db)).toBe(true);

  await query(url, "insert into kysely_migration (name, timestamp) values ('9999-later', '2099')");
  await expect(migrate(db, pool, log)).rejects.toThrow(/9999-later is missing/);
  // A server that is already running continues.
  expect(await isMigrated(db)).toBe(true);

  await query(url, "delete from kysely_migration where name like '0038%' or name = '9999-later'");
  expect(await isMigrated(db)).toBe(false);
});
