import type { TestProject } from "vitest/node";
import { createTemplateDatabase, dropDatabase } from "./template-database.ts";
import { startTestPostgres } from "./test-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The PostgreSQL in which tests create and drop databases. */
    adminDatabaseUrl: string;
    /** The migrated database that tests clone. */
    templateDatabase: string;
  }
}

let tearDown: (() => Promise<void>) | undefined;

/** One PostgreSQL for all test files: `TEST_DATABASE_URL`, or an embedded one that is removed afterwards. */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") {
    const template = await provideDatabase(project, given);
    tearDown = () => dropDatabase(given, template);
    return;
  }
  // Tests connect thousands of times, and the password is random.
  const postgres = await startTestPostgres({ max_connections: "300", scram_iterations: "1" });
  await provideDatabase(project, postgres.connectionString);
  tearDown = () => postgres.stop();
}

export async function teardown(): Promise<void> {
  await tearDown?.();
}

async function provideDatabase(project: TestProject, adminUrl: string): Promise<string> {
  const template = await createTemplateDatabase(adminUrl);
  project.provide("adminDatabaseUrl", adminUrl);
  project.provide("templateDatabase", template);
  return template;
}
