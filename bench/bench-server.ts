import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Role, readConfig, start } from "@pandaprobe/server";
import { pino } from "pino";
import { startEmbeddedPostgres } from "../packages/server/src/db/embedded/index.ts";

/** Starts a server in this process, on an embedded PostgreSQL with production durability unless DATABASE_URL is given. */
export async function startBenchServer(
  environment: Readonly<Record<string, string | undefined>>,
  role: Role = "all",
) {
  const dataDir = await mkdtemp(path.join(tmpdir(), "pandaprobe-bench-"));
  const config = readConfig({ PORT: "0", PANDAPROBE_DATA_DIR: dataDir, ...environment });
  const server = await start(config, role, pino({ level: "warn" }));
  return {
    url: server.url ?? "",
    apiKey: server.newApiKey ?? "",
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts a PostgreSQL for several servers, with production durability. */
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
