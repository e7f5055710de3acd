import { createPool } from "../../src/db/database.ts";

/** Connections to a test's database. Nothing depends on idle ones, so the database may be dropped under them. */
export function testPool(connectionString: string, maxConnections = 2): ReturnType<typeof createPool> {
  return createPool({
    connectionString,
    maxConnections,
    applicationName: "pandaprobe tests",
    onConnectionError: () => undefined,
  });
}
