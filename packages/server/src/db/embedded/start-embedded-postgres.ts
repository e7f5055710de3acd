import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { acquire, type Holding } from "./acquire.ts";
import { prepareAppRole } from "./app-role.ts";
import { type Cluster, clusterFolder, clusterOwner, database, hasCluster } from "./cluster.ts";
import { createCluster } from "./create-cluster.ts";
import { openDataFolder } from "./data-folder.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { Ownership } from "./ownership.ts";
import { stopPostgres } from "./pg-ctl.ts";
import { findPostmaster } from "./postmaster.ts";
import { locatePrograms, majorVersion, programPath } from "./programs.ts";
import { reachablePrograms } from "./reachable-programs.ts";
import { assertCanRunAs, isRoot, type RunAs, unprivilegedUser, userWithId } from "./run-as.ts";
import { type Settings, undurable } from "./settings.ts";

export interface EmbeddedPostgresOptions {
  /** The folder for the data; created if it does not exist. */
  readonly dataDir: string;
  /** Receives progress messages for the user. */
  readonly log: (message: string) => void;
  /** Whether committed data survives a power failure. Tests are faster without. Default: true. */
  readonly durable?: boolean;
  /** PostgreSQL settings besides our own, such as `{ max_connections: "300" }`. Default: none. */
  readonly settings?: Settings;
}

export interface EmbeddedPostgres {
  /** As a role that owns the database and is not a superuser; contains the password. */
  readonly connectionString: string;
  /** Shuts PostgreSQL down and releases the data folder, within a minute. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Runs PostgreSQL on a folder, for this process alone.
 *
 * PostgreSQL is a separate process. If this one is killed, PostgreSQL keeps running, and the next start adopts it.
 *
 * @throws DataFolderInUseError if another running server holds the folder.
 * @throws DataFolderUnusableError if the folder cannot hold our data.
 * @throws EmbeddedPostgresError if PostgreSQL cannot run here.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const settings = { ...(durable ? {} : undurable), ...options.settings };
  const cluster = await prepareCluster(options.dataDir, durable, options.log);
  const holding = await hold(cluster, settings, options.log);
  const ownership = new Ownership(cluster, settings, holding, options.log);
  try {
    await ensureDatabase(holding.client, database);
    const connectionString = await prepareAppRole(cluster, holding.postmaster.port);
    return { connectionString, stop: () => ownership.stop() };
  } catch (error) {
    await ownership.stop();
    throw error;
  }
}

/**
 * How to reach the PostgreSQL that a running server holds on this folder, for commands that work beside that server.
 *
 * @throws EmbeddedPostgresError if none runs.
 */
export async function runningConnectionString(wantedDir: string): Promise<string> {
  const dataDir = await realpath(wantedDir);
  const postmaster = await findPostmaster(clusterFolder(dataDir));
  if (postmaster === undefined) throw new EmbeddedPostgresError(`No PostgreSQL is running on ${wantedDir}.`);
  return prepareAppRole({ dataDir, runAs: await userToRunAs(dataDir) }, postmaster.port);
}

async function prepareCluster(
  wantedDir: string,
  durable: boolean,
  log: (message: string) => void,
): Promise<Cluster> {
  const located = await locatePrograms();
  const runAs = await userToRunAs(wantedDir);
  const programs = runAs === undefined ? located : await reachablePrograms(located, runAs, log);
  const dataDir = await openDataFolder(wantedDir, runAs);
  const cluster = { dataDir, programs, runAs };
  if (!(await hasCluster(dataDir, majorVersion(programs)))) {
    log(`Creating a PostgreSQL database in ${dataDir}`);
    await createCluster(cluster, { durable });
  }
  return cluster;
}

/** The owner of an existing cluster, so that its user can still open it after root started a server on it. */
async function userToRunAs(dataDir: string): Promise<RunAs | undefined> {
  if (!isRoot()) return undefined;
  const owner = await clusterOwner(dataDir);
  const runAs =
    owner === undefined || owner.uid === 0
      ? await unprivilegedUser()
      : await userWithId(owner.uid, owner.gid);
  await assertCanRunAs(runAs);
  return runAs;
}

async function hold(cluster: Cluster, settings: Settings, log: (message: string) => void): Promise<Holding> {
  const holding = await acquire(cluster, { settings });
  if (!holding.adopted) return holding;
  if (!(await runsOtherPrograms(cluster))) {
    log(`Adopted the PostgreSQL that an earlier server left running (process ${holding.postmaster.pid})`);
    return holding;
  }
  log(
    "Restarting the PostgreSQL that an earlier server left running, because it runs from another installation",
  );
  await stopPostgres(cluster, holding.postmaster);
  return acquire(cluster, { settings });
}

/**
 * Whether the running PostgreSQL was started from another installation than ours. That one may be gone (a deleted
 * clone), and PostgreSQL loads parts such as PL/pgSQL only when they are first used.
 */
async function runsOtherPrograms(cluster: Cluster): Promise<boolean> {
  const file = join(clusterFolder(cluster.dataDir), "postmaster.opts");
  const commandLine = await readFile(file, "utf8").catch(() => "");
  return !commandLine.startsWith(`${programPath(cluster.programs, "postgres")} `);
}

async function ensureDatabase(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
}
