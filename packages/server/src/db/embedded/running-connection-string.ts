import { realpath } from "node:fs/promises";
import { clusterFolder, database } from "./cluster.ts";
import { connectionString, readPassword } from "./connect.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { findPostmaster } from "./postmaster.ts";

/**
 * How to reach the PostgreSQL that a running server holds on this folder, for commands that work beside that server.
 *
 * @throws EmbeddedPostgresError if none runs.
 */
export async function runningConnectionString(dataDir: string): Promise<string> {
  const folder = await realpath(dataDir);
  const postmaster = await findPostmaster(clusterFolder(folder));
  if (postmaster === undefined) throw new EmbeddedPostgresError(`No PostgreSQL runs on ${dataDir}.`);
  return connectionString(postmaster.port, await readPassword({ dataDir }), database);
}
