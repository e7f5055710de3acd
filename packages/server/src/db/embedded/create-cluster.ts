import { randomBytes } from "node:crypto";
import { appendFile, chown, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Cluster, clusterFolder, passwordFile, settingsFileName, superuser } from "./cluster.ts";
import { stagingPrefix } from "./data-folder.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { clusterOwner } from "./inspect-cluster.ts";
import { isAlive } from "./process-is-alive.ts";
import { programPath } from "./programs.ts";
import { runProgram } from "./run-program.ts";
import { writeFileAs } from "./write-file-as.ts";

/**
 * Makes the cluster beside its place and moves it there when it is whole: a process that dies half-way leaves nothing
 * that looks like a cluster, and of two that try at once one wins.
 */
export async function createCluster(cluster: Cluster, options: { readonly durable: boolean }): Promise<void> {
  await sweep(cluster.dataDir);
  const staging = join(cluster.dataDir, `${stagingPrefix}${process.pid}-${randomBytes(4).toString("hex")}`);
  await mkdir(staging, { mode: 0o700 });
  if (cluster.runAs !== undefined) await chown(staging, cluster.runAs.uid, cluster.runAs.gid);
  try {
    const folder = join(staging, "postgres");
    const password = join(staging, "password");
    await writeFileAs(password, randomBytes(24).toString("base64url"), cluster.runAs);
    await initialise(cluster, folder, password, options.durable);
    await rename(password, passwordFile(folder));
    await appendFile(join(folder, "postgresql.conf"), `\ninclude_if_exists = '${settingsFileName}'\n`);
    await rename(folder, clusterFolder(cluster.dataDir)).catch(async (error: unknown) => {
      // Another server made one meanwhile; who may use it is settled later.
      if ((await clusterOwner(cluster.dataDir)) === undefined) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function initialise(
  cluster: Cluster,
  folder: string,
  password: string,
  durable: boolean,
): Promise<void> {
  const outcome = await runProgram(
    programPath(cluster.programs, "initdb"),
    [
      `--pgdata=${folder}`,
      `--username=${superuser}`,
      `--pwfile=${password}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Sorts and folds case the same on every system, whatever locales are installed there.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--set=timezone=UTC",
      "--set=log_timezone=UTC",
      ...(durable ? [] : ["--no-sync"]),
    ],
    cluster.runAs,
  );
  if (outcome.code !== 0) {
    // What went well before is of no interest.
    const complaint = outcome.output.slice(Math.max(0, outcome.output.search(/^.*(error|FATAL|PANIC)/m)));
    throw new EmbeddedPostgresError(
      `PostgreSQL could not create a database in ${cluster.dataDir}:\n${complaint}`,
    );
  }
}

/** Removes what a process left that died while it made a cluster. */
async function sweep(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(stagingPrefix)) continue;
    const maker = Number.parseInt(name.slice(stagingPrefix.length), 10);
    if (!isAlive(maker))
      await rm(join(dataDir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
