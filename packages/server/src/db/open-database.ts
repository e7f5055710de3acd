import type { Pool } from "pg";
import type { Log } from "../log.ts";
import { createDatabase, createPool, type Database } from "./database.ts";
import { DataFolderInUseError, runningConnectionString, startEmbeddedPostgres } from "./embedded/index.ts";

export interface OpenDatabase {
  readonly db: Database;
  readonly pool: Pool;
  readonly connectionString: string;
  /** Whether it is the embedded PostgreSQL. */
  readonly isEmbedded: boolean;
  close(): Promise<void>;
}

interface DatabaseSettings {
  /** `null`: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  /** The folder of the embedded PostgreSQL. */
  readonly dataDir: string;
}

/**
 * Connects to the configured PostgreSQL, or starts the embedded one.
 *
 * @param options `shared`: if another server runs the embedded one, connect to that.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  log: Log,
  options: { shared?: boolean } = {},
): Promise<OpenDatabase> {
  const embedded = settings.databaseUrl === null ? await openEmbedded(settings, log, options) : undefined;
  const connectionString = embedded?.connectionString ?? settings.databaseUrl ?? "";
  const pool = createPool({
    connectionString,
    maxConnections: settings.databasePoolSize,
    applicationName: "pandaprobe",
    onConnectionError: (error) => {
      // When both stop, PostgreSQL may end connections before we do.
      if (!pool.ending)
        log.warn({ error: error.message }, "A database connection broke; the pool opens a new one.");
    },
  });
  return {
    db: createDatabase(pool),
    pool,
    connectionString,
    isEmbedded: embedded !== undefined,
    async close() {
      await pool.end();
      await embedded?.stop();
    },
  };
}

async function openEmbedded({ dataDir }: DatabaseSettings, log: Log, { shared = false }) {
  try {
    return await startEmbeddedPostgres({ dataDir, log: (message) => log.info({}, message) });
  } catch (error) {
    if (!shared || !(error instanceof DataFolderInUseError)) throw error;
    return { connectionString: await runningConnectionString(dataDir), stop: async () => undefined };
  }
}
