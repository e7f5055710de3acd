import { randomBytes } from "node:crypto";
import { appendFile, chown, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  bootstrapPasswordFile,
  bootstrapRole,
  type Cluster,
  clusterFolder,
  clusterOwner,
  settingsFileName,
} from "./cluster.ts";
import { stagingPrefix } from "./data-folder.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { isAlive } from "./postmaster.ts";
import { programPath } from "./programs.ts";
import { runProgram, writeFileAs } from "./run-as.ts";

/**
 * Creates the cluster in a staging folder and moves it into place once it is complete. So a process that dies halfway
 * leaves nothing that looks like a cluster, and if two processes try at once, one wins.
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
    await rename(password, bootstrapPasswordFile(folder));
    await appendFile(join(folder, "postgresql.conf"), `\ninclude_if_exists = '${settingsFileName}'\n`);
    await rename(folder, clusterFolder(cluster.dataDir)).catch(async (error: unknown) => {
      // Another server may have created one meanwhile. The owner lock decides later which of the two may use it.
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
  const result = await runProgram(
    programPath(cluster.programs, "initdb"),
    [
      `--pgdata=${folder}`,
      `--username=${bootstrapRole}`,
      `--pwfile=${password}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Sorts and folds case the same on every system, whatever locales it has installed.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--set=timezone=UTC",
      "--set=log_timezone=UTC",
      ...(durable ? [] : ["--no-sync"]),
    ],
    cluster.runAs,
  );
  if (result.code !== 0) {
    // Leave out the steps that succeeded.
    const complaint = result.output.slice(Math.max(0, result.output.search(/^.*(error|FATAL|PANIC)/m)));
    throw new EmbeddedPostgresError(
      `PostgreSQL could not create a database in ${cluster.dataDir}:\n${complaint}`,
    );
  }
}

/** Removes the staging folders of processes that died. */
async function sweep(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(stagingPrefix)) continue;
    const maker = Number.parseInt(name.slice(stagingPrefix.length), 10);
    if (!isAlive(maker))
      await rm(join(dataDir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
