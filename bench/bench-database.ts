import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "../packages/server/src/db/embedded/index.ts";

/** A PostgreSQL that several servers share, as durable as in production. */
export async function startBenchDatabase() {
  const dataDir = await mkdtemp(path.join(tmpdir(), "pandaprobe-bench-"));
  const { connectionString, stop } = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  return {
    url: connectionString,
    async stop() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
