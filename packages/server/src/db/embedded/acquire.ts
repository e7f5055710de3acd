import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { type Cluster, clusterFolder } from "./cluster.ts";
import { bootstrapUrl, connect, isTemporary } from "./connect.ts";
import { DataFolderInUseError, EmbeddedPostgresError, errorCode } from "./errors.ts";
import { ownerApplicationName, takeOwnerLock } from "./owner-lock.ts";
import { startPostgres } from "./pg-ctl.ts";
import { findPostmaster, type Postmaster } from "./postmaster.ts";
import type { Settings } from "./settings.ts";

/** Recovery after a crash may take a long time; this limit is for a PostgreSQL that hangs. */
const patienceMs = 300_000;

/** A running PostgreSQL that this process owns. */
export interface Holding {
  /** The connection whose session holds the owner lock. */
  readonly client: Client;
  readonly postmaster: Postmaster;
  /** It was already running: an earlier server started it, and is gone. */
  readonly adopted: boolean;
}

export interface AcquireOptions {
  /** For a PostgreSQL that has to be started. */
  readonly settings: Settings;
  /** The port that it then has to listen on. Default: any. */
  readonly port?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Finds the cluster's PostgreSQL running or starts it, and takes the owner lock.
 *
 * @throws DataFolderInUseError if another running server has the lock.
 */
export async function acquire(cluster: Cluster, options: AcquireOptions): Promise<Holding> {
  const folder = clusterFolder(cluster.dataDir);
  const deadline = Date.now() + patienceMs;
  let started = false;
  for (;;) {
    const postmaster = await findPostmaster(folder);
    if (postmaster === undefined) {
      await startPostgres(cluster, options.settings, options.port);
      started = true;
      continue;
    }
    try {
      const client = await lockedClient(cluster, await bootstrapUrl(cluster, postmaster.port, "postgres"));
      return { client, postmaster, adopted: !started };
    } catch (error) {
      if (errorCode(error) === "28P01") throw wrongPassword(cluster, postmaster);
      if (!isTemporary(error) || Date.now() > deadline) throw error;
    }
    await sleep(50, undefined, { signal: options.signal });
  }
}

/** Connects to the database `postgres`, so that all others can be copied and dropped. */
async function lockedClient(cluster: Cluster, url: string): Promise<Client> {
  const client = await connect(url, ownerApplicationName);
  try {
    const lock = await takeOwnerLock(client);
    if (!lock.taken) throw new DataFolderInUseError(cluster.dataDir, lock.ownerPid);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

function wrongPassword(cluster: Cluster, postmaster: Postmaster): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The PostgreSQL running on ${cluster.dataDir} (process ${postmaster.pid}) refuses the password stored there. ` +
      "It was changed by hand; set it back, or choose another folder with PANDAPROBE_DATA_DIR.",
  );
}
