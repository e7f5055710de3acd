import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Role, readConfig, start } from "@pandaprobe/server";
import { pino } from "pino";

/** A server on an embedded PostgreSQL of its own, as durable as in production. */
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
