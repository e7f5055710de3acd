import { lstat, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataFolderUnusableError, errorCode } from "./errors.ts";
import type { Programs } from "./programs.ts";
import { isRoot, type RunAs } from "./run-as.ts";

/** One PostgreSQL cluster (a database server's files) and what it takes to run it. */
export interface Cluster {
  /** The folder that the user chose; the cluster is in a subfolder. */
  readonly dataDir: string;
  readonly programs: Programs;
  /** Set only when we are root. */
  readonly runAs: RunAs | undefined;
}

/**
 * The superuser created with the cluster, for starting, stopping and setting up. PostgreSQL requires it to
 * stay a superuser.
 */
export const bootstrapRole = "pandaprobe";

/** The role that the server connects as. It owns the database, and is not a superuser. */
export const appRole = "pandaprobe_app";

/** The server's database. */
export const database = "pandaprobe";

export function clusterFolder(dataDir: string): string {
  return join(dataDir, "postgres");
}

export const bootstrapPasswordFile = (folder: string) => join(folder, "pandaprobe.password");
export const appPasswordFile = (folder: string) => join(folder, "pandaprobe-app.password");
export const settingsFileName = "pandaprobe.conf";
export const settingsFile = (folder: string) => join(folder, settingsFileName);
export const logFile = (folder: string) => join(folder, "pandaprobe.log");

export interface ClusterOwner {
  readonly uid: number;
  readonly gid: number;
}

/** The user that owns the cluster in this data folder, or `undefined` if there is no cluster yet. */
export async function clusterOwner(dataDir: string): Promise<ClusterOwner | undefined> {
  try {
    const { uid, gid } = await stat(clusterFolder(dataDir));
    return { uid, gid };
  } catch {
    // Opening the folder will meet any other obstacle again, and explain it.
    return undefined;
  }
}

/**
 * Whether the data folder has a cluster that we created and can open.
 *
 * @throws DataFolderUnusableError if it has one that we cannot open.
 */
export async function hasCluster(dataDir: string, majorVersion: number): Promise<boolean> {
  const folder = clusterFolder(dataDir);
  const owner = await clusterOwner(dataDir);
  if (owner === undefined) return false;
  assertOwnedByUs(dataDir, owner.uid);
  const version = await read(join(folder, "PG_VERSION"), dataDir);
  const isOurs = await lstat(bootstrapPasswordFile(folder)).then(
    () => true,
    () => false,
  );
  if (version === undefined || !isOurs) {
    throw new DataFolderUnusableError(
      dataDir,
      `contains a folder "postgres" that PandaProbe did not create.`,
    );
  }
  if (Number(version) !== majorVersion) {
    throw new DataFolderUnusableError(
      dataDir,
      `was created by PostgreSQL ${version.trim()}, and this release includes PostgreSQL ${majorVersion}, which can't open ` +
        "it. To move the data, dump it with the release that created it and restore it here.",
    );
  }
  return true;
}

function assertOwnedByUs(dataDir: string, uid: number): void {
  if (isRoot() && uid === 0) {
    throw new DataFolderUnusableError(
      dataDir,
      "holds a database owned by root, and PostgreSQL refuses to run as root; " +
        "give it to another user with chown -R.",
    );
  }
  const ourUid = process.getuid?.();
  if (isRoot() || ourUid === undefined || ourUid === uid) return;
  throw new DataFolderUnusableError(dataDir, `holds the database of another user (id ${uid}).`);
}

async function read(file: string, dataDir: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new DataFolderUnusableError(dataDir, `can't be read (${errorCode(cause) ?? String(cause)}).`, {
      cause,
    });
  }
}
