import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { query } from "./query.ts";
import { databaseUrl, dropDatabase } from "./template-database.ts";

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database for one test. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = inject("adminDatabaseUrl");
  const name = `pandaprobe_test_${randomBytes(6).toString("hex")}`;
  // Copying files takes half as much work as logging what they contain.
  await query(adminUrl, `create database ${name} template ${inject("templateDatabase")} strategy file_copy`);
  return {
    url: databaseUrl(adminUrl, name),
    drop: () => dropDatabase(adminUrl, name),
  };
}
