import { pino } from "pino";
import { onTestFinished } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import { type Role, type RunningServer, start } from "../../src/start.ts";
import { ApiClient } from "./api-client.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

export interface TestServerOptions {
  readonly role?: Role;
  /** Beside the defaults of a test: no provider, a free port, short presence times. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A database to share with another server. */
  readonly database?: TestDatabase;
}

export interface TestServer {
  readonly url: string;
  readonly apiKey: string;
  readonly database: TestDatabase;
  /** Speaks as the project `test` of the server's own key. */
  readonly api: ApiClient;
  readonly server: RunningServer;
}

/** A real server on a real database, which are gone when the test, or the file's `afterAll`, calls `close`. */
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
    WORKER_HEARTBEAT_SECONDS: "1",
    WORKER_DEAD_AFTER_SECONDS: "3",
    SHUTDOWN_TIMEOUT_SECONDS: "10",
    ...options.environment,
  });
  const server = await start(config, options.role ?? "all", pino({ level: "silent" }));
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

/** {@link startTestServer} for one test, at whose end it is closed. */
export async function useTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  return server;
}
