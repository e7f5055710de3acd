import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cluster, clusterFolder } from "./cluster.ts";
import { programPath } from "./programs.ts";

/**
 * Whether the running PostgreSQL was started from another installation than ours. That one may be gone (a deleted
 * clone), and PostgreSQL loads parts such as PL/pgSQL only when they are first used.
 */
export async function runsOtherPrograms(cluster: Cluster): Promise<boolean> {
  const commandLine = await readFile(join(clusterFolder(cluster.dataDir), "postmaster.opts"), "utf8").catch(
    () => "",
  );
  return !commandLine.startsWith(`${programPath(cluster.programs, "postgres")} `);
}
