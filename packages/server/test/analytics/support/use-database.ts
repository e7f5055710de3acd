import { afterAll, beforeAll } from "vitest";
import { createDatabase, type Database } from "../../../src/db/database.ts";
import { createTestDatabase, type TestDatabase } from "../../support/test-database.ts";
import { testPool } from "../../support/test-pool.ts";

/** A migrated database for a test file, without a server. */
export function useDatabase(): { readonly db: Database } {
  let database: TestDatabase | undefined;
  let db: Database | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });
  return {
    get db() {
      if (db === undefined) throw new Error("The database is there before all tests, not before that.");
      return db;
    },
  };
}

export function connect(connectionString: string): Database {
  const pool = testPool(connectionString, 10);
  return createDatabase(pool);
}
