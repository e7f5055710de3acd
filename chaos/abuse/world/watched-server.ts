import path from "node:path";
import { pathToFileURL } from "node:url";
import { createDatabase, createPool } from "../../../packages/server/src/db/database.ts";
import { addApiKey, generateApiKey } from "../../../packages/server/src/features/projects/api-keys.ts";
import { spawnServer } from "../../../packages/server/test/support/spawn-server.ts";
import { startTestPostgres } from "../../../packages/server/test/support/test-postgres.ts";
import type { Trial } from "../../scenario.ts";
import { until } from "../../until.ts";
import { Api } from "../../world/api.ts";
import { startLlm } from "../../world/llm.ts";

/** Measurements from within the server process. */
export interface LoopReading {
  /** The longest that its event loop was blocked since the last reading, in milliseconds. */
  readonly delayMs: number;
  /** The same without the time that the main thread waited for a processor, as it does on a busy machine. */
  readonly ownDelayMs: number;
  /** The same in CPU time of the main thread, which other processes do not influence. */
  readonly cpuMs: number;
  /** The peak memory since its start. */
  readonly residentMb: number;
}

/** A server with API and worker in one process, which measures its event loop. */
export interface WatchedServer {
  /** The model of a provider that answers at once. */
  readonly llm: string;
  /** A project of the hostile tenant. */
  attackerApi(project: string): Api;
  /** Another tenant, with its own organization and key. */
  readonly neighbourApi: Api;
  /** Reads and resets the measurements of the event loop. */
  readLoop(): Promise<LoopReading>;
}

/** Starts the server; it ends with the trial. */
export async function startWatchedServer(
  trial: Trial,
  environment: Readonly<Record<string, string>> = {},
): Promise<WatchedServer> {
  const postgres = await startTestPostgres({});
  trial.defer(() => postgres.stop());
  const llm = await startLlm(trial, { latencyMs: [1, 2], seed: 1 });
  const apiKey = generateApiKey();
  const server = await spawnServer({
    DATABASE_URL: postgres.connectionString,
    PANDAPROBE_API_KEY: apiKey,
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "heuristic/v1",
    LOG_LEVEL: "info",
    RATE_LIMIT_RUNS_PER_MINUTE: "1000000",
    ...environment,
    NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, "loop-watch.ts")).href}`,
  });
  trial.defer(() => server.end("SIGKILL"));
  const neighbourKey = generateApiKey();
  await storeKey(postgres.connectionString, neighbourKey);
  return {
    llm: "openai/abuse",
    attackerApi: (project) => new Api(server.url, apiKey, project),
    neighbourApi: new Api(server.url, neighbourKey, "neighbour"),
    async readLoop() {
      const readings = () => server.lines.filter((line) => line.startsWith("LOOP "));
      const before = readings().length;
      server.process.kill("SIGUSR2");
      const line = await until(trial, "the server reports its event loop delay", () => readings()[before]);
      return JSON.parse(line.slice("LOOP ".length)) as LoopReading;
    },
  };
}

async function storeKey(connectionString: string, key: string): Promise<void> {
  const pool = createPool({
    connectionString,
    maxConnections: 1,
    applicationName: "abuse",
    onConnectionError: () => undefined,
  });
  const db = createDatabase(pool);
  try {
    await addApiKey(db, key, { organization: "neighbour", name: "neighbour", expiresAt: null });
  } finally {
    await db.destroy();
  }
}
