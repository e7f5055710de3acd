import { acquire, type Holding } from "./acquire.ts";
import type { Cluster } from "./cluster.ts";
import { connectionString, readPassword } from "./connect.ts";
import { createCluster } from "./create-cluster.ts";
import { openDataFolder } from "./data-folder.ts";
import { database } from "./database-name.ts";
import { ensureDatabase } from "./ensure-database.ts";
import { clusterOwner, hasCluster } from "./inspect-cluster.ts";
import { Ownership } from "./ownership.ts";
import { stopPostgres } from "./pg-ctl.ts";
import { locatePrograms, majorVersion } from "./programs.ts";
import { assertMayBecome } from "./reachability.ts";
import { reachablePrograms } from "./reachable-programs.ts";
import { isRoot, type RunAs, unprivilegedUser, userWithId } from "./run-as.ts";
import { runsOtherPrograms } from "./runs-other-programs.ts";
import { type Settings, undurable } from "./settings.ts";

export interface EmbeddedPostgresOptions {
  /** Where the data is kept; made if it does not exist. */
  readonly dataDir: string;
  /** Told what is going on, in sentences for the user. */
  readonly log: (message: string) => void;
  /**
   * Whether what is committed survives a power failure. Off for tests, which it speeds up. Default: true.
   */
  readonly durable?: boolean;
  /** PostgreSQL settings besides our own, such as `{ max_connections: "300" }`. Default: none. */
  readonly settings?: Settings;
}

export interface EmbeddedPostgres {
  /** Contains the password. */
  readonly connectionString: string;
  /** Shuts PostgreSQL down and gives the data folder free; bounded by a minute, and harmless when called again. */
  stop(): Promise<void>;
}

/**
 * Runs PostgreSQL on a folder, for this process alone.
 *
 * PostgreSQL is a process of its own: if this one is killed it goes on, and the next start takes it over.
 *
 * @throws DataFolderInUseError if a living server holds the folder.
 * @throws DataFolderUnusableError if the folder can't hold our data.
 * @throws EmbeddedPostgresError if PostgreSQL can't run here.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const settings = { ...(durable ? {} : undurable), ...options.settings };
  const cluster = await prepareCluster(options.dataDir, durable, options.log);
  const holding = await hold(cluster, settings, options.log);
  const ownership = new Ownership(cluster, settings, holding, options.log);
  try {
    await ensureDatabase(holding.client, database);
    const url = connectionString(holding.postmaster.port, await readPassword(cluster), database);
    return { connectionString: url, stop: () => ownership.stop() };
  } catch (error) {
    await ownership.stop();
    throw error;
  }
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

/** Whoever owns the cluster already, so that a folder serves its user whether or not root started the server once. */
async function userToRunAs(dataDir: string): Promise<RunAs | undefined> {
  if (!isRoot()) return undefined;
  const owner = await clusterOwner(dataDir);
  const runAs =
    owner === undefined || owner.uid === 0
      ? await unprivilegedUser()
      : await userWithId(owner.uid, owner.gid);
  await assertMayBecome(runAs);
  return runAs;
}

async function hold(cluster: Cluster, settings: Settings, log: (message: string) => void): Promise<Holding> {
  const holding = await acquire(cluster, { settings });
  if (!holding.takenOver) return holding;
  if (!(await runsOtherPrograms(cluster))) {
    log(`Took over the PostgreSQL that a former server left running (process ${holding.postmaster.pid})`);
    return holding;
  }
  log("Restarting the PostgreSQL that a former server left running, as it runs from another installation");
  await stopPostgres(cluster, holding.postmaster);
  return acquire(cluster, { settings });
}
