import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import { type Role, type RunningServer, start } from "../../src/start.ts";
import { ApiClient } from "./api-client.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

export interface TestServerOptions {
  readonly role?: Role;
  /** In addition to the defaults of tests: no provider, a free port, short heartbeat times. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A database to share with another server. */
  readonly database?: TestDatabase;
  /** Default: none. */
  readonly log?: Logger;
}

export interface TestServer {
  readonly url: string;
  readonly apiKey: string;
  readonly database: TestDatabase;
  /** Uses the server's own key and the project `test`. */
  readonly api: ApiClient;
  readonly server: RunningServer;
}

/** A real server with a real database. Call `close` in the test or in `afterAll` to remove both. */
export async function startTestServer(
  options: TestServerOptions = {},
): Promise<TestServer & { close(): Promise<void> }> {
  const database = options.database ?? (await createTestDatabase());
  const apiKey = generateApiKey();
  const config = readConfig({
    PORT: "0",
    DATABASE_URL: database.url,
    PANDAPROBE_API_KEY: apiKey,
    RATE_LIMIT_RUNS_PER_MINUTE: "10000",
    RATE_LIMIT_TRIGGERS_PER_MINUTE: "10000",
    DATABASE_POOL_SIZE: "10",
    WORKER_HEARTBEAT_SECONDS: "1",
    WORKER_DEAD_AFTER_SECONDS: "3",
    SHUTDOWN_TIMEOUT_SECONDS: "10",
    ...options.environment,
  });
  const log = options.log ?? pino({ level: "silent" });
  const server = await start(config, options.role ?? "all", log);
  const url = server.url ?? "";
  return {
    url,
    apiKey: options.environment?.["PANDAPROBE_API_KEY"] ?? apiKey,
    database,
    server,
    api: new ApiClient({
      url,
      apiKey: options.environment?.["PANDAPROBE_API_KEY"] ?? apiKey,
      project: "test",
    }),
    async close() {
      await server.stop();
      if (options.database === undefined) await database.drop();
    },
  };
}

/** {@link startTestServer} for one test, which closes it at its end. */
export async function useTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  return server;
}
