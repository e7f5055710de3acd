import { chmod, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { onTestFinished } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/db/embedded/index.ts";

/** An empty folder that every user may enter; removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pandaprobe-embedded-")));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts PostgreSQL for one test and stops it afterwards. */
export async function start(
  dataDir: string,
  options: { durable?: boolean; settings?: Record<string, string>; log?: (message: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, log: () => undefined, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

/** The same database for the superuser that PostgreSQL was set up with. */
export async function bootstrapUrl(dataDir: string, connectionString: string): Promise<string> {
  const url = new URL(connectionString);
  url.username = "pandaprobe";
  url.password = (await readFile(join(dataDir, "postgres", "pandaprobe.password"), "utf8")).trim();
  return url.href;
}

/** One query on a connection of its own. */
export async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The process id that PostgreSQL left in its folder, or `undefined` if it shut down. */
export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : Number.parseInt(text, 10);
}
