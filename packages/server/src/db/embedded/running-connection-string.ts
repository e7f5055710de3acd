import { realpath } from "node:fs/promises";
import { clusterFolder } from "./cluster.ts";
import { connectionString, readPassword } from "./connect.ts";
import { database } from "./database-name.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { findPostmaster } from "./postmaster.ts";

/**
 * Where the PostgreSQL answers that a living server runs on this folder; for commands that work beside it.
 *
 * @throws EmbeddedPostgresError if none runs.
 */
export async function runningConnectionString(dataDir: string): Promise<string> {
  const folder = await realpath(dataDir);
  const postmaster = await findPostmaster(clusterFolder(folder));
  if (postmaster === undefined) throw new EmbeddedPostgresError(`No PostgreSQL runs on ${dataDir}.`);
  return connectionString(postmaster.port, await readPassword({ dataDir }), database);
}
