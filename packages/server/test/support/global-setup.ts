import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/db/embedded/index.ts";
import { endWithProcess } from "./end-with-process.ts";
import { administer, createTemplateDatabase } from "./template-database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where tests make databases of their own: a PostgreSQL they may create and drop databases in. */
    adminDatabaseUrl: string;
    /** The migrated database that tests clone. */
    templateDatabase: string;
  }
}

let tearDown: (() => Promise<void>) | undefined;

/** One PostgreSQL for all test files: `TEST_DATABASE_URL`, or an embedded one that is gone afterwards. */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") {
    const template = await provideDatabase(project, given);
    tearDown = () => administer(given, `drop database ${template}`);
    return;
  }
  const dataDir = await mkdtemp(join(tmpdir(), "pandaprobe-test-"));
  const endWatch = endWithProcess(dataDir);
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: () => undefined,
    durable: false,
    settings: { max_connections: "300" },
  });
  await provideDatabase(project, postgres.connectionString);
  tearDown = async () => {
    await postgres.stop();
    endWatch();
    await rm(dataDir, { recursive: true, force: true });
  };
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
