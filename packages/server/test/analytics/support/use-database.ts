import { afterAll, beforeAll } from "vitest";
import { createDatabase, createPool, type Database } from "../../../src/db/database.ts";
import { createTestDatabase, type TestDatabase } from "../../support/test-database.ts";

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
  const pool = createPool({
    connectionString,
    maxConnections: 10,
    applicationName: "analytics test",
    onConnectionError: () => undefined,
  });
  return createDatabase(pool);
}
