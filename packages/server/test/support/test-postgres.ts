import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRole, clusterFolder } from "../../src/db/embedded/cluster.ts";
import { bootstrapUrl, connect } from "../../src/db/embedded/connect.ts";
import { startEmbeddedPostgres } from "../../src/db/embedded/index.ts";
import { findPostmaster } from "../../src/db/embedded/postmaster.ts";
import { endWithProcess } from "./end-with-process.ts";

export interface TestPostgres {
  /** Connects as the server's role, which may create databases for tests here. */
  readonly connectionString: string;
  /** Stops it at once, as a power failure would. It restarts by itself on the same port. */
  crash(): Promise<void>;
  /** Stops it, and removes its data. */
  stop(): Promise<void>;
}

/** A real PostgreSQL that is removed however this process ends. */
export async function startTestPostgres(settings: Readonly<Record<string, string>>): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), "pandaprobe-test-"));
  const endWatch = endWithProcess(dataDir);
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: () => undefined,
    durable: false,
    settings,
  });
  await allowDatabases(dataDir, Number(new URL(postgres.connectionString).port));
  return {
    connectionString: postgres.connectionString,
    async crash() {
      const postmaster = await findPostmaster(clusterFolder(dataDir));
      if (postmaster === undefined) throw new Error("PostgreSQL does not run: there is nothing to crash.");
      process.kill(postmaster.pid, "SIGQUIT");
    },
    async stop() {
      await postgres.stop();
      endWatch();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function allowDatabases(dataDir: string, port: number): Promise<void> {
  const client = await connect(await bootstrapUrl({ dataDir }, port, "postgres"), "pandaprobe tests");
  await client.query(`ALTER ROLE ${appRole} CREATEDB`);
  await client.end();
}
