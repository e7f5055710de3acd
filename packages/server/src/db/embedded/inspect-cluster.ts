import { lstat, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { clusterFolder, passwordFile } from "./cluster.ts";
import { DataFolderUnusableError } from "./data-folder-unusable-error.ts";
import { errorCode } from "./error-code.ts";
import { isRoot } from "./run-as.ts";

export interface ClusterOwner {
  readonly uid: number;
  readonly gid: number;
}

/** Who owns the cluster in this data folder, or `undefined` if there is none yet. */
export async function clusterOwner(dataDir: string): Promise<ClusterOwner | undefined> {
  try {
    const { uid, gid } = await stat(clusterFolder(dataDir));
    return { uid, gid };
  } catch {
    // Other obstacles are met again, and explained, when the folder is opened.
    return undefined;
  }
}

/**
 * Whether the data folder holds a cluster that we made and can open.
 *
 * @throws DataFolderUnusableError if it holds one that we can't.
 */
export async function hasCluster(dataDir: string, majorVersion: number): Promise<boolean> {
  const folder = clusterFolder(dataDir);
  const owner = await clusterOwner(dataDir);
  if (owner === undefined) return false;
  assertOwnedByUs(dataDir, owner.uid);
  const version = await read(join(folder, "PG_VERSION"), dataDir);
  const isOurs = await lstat(passwordFile(folder)).then(
    () => true,
    () => false,
  );
  if (version === undefined || !isOurs) {
    throw new DataFolderUnusableError(dataDir, `holds a folder "postgres" that PandaProbe did not make.`);
  }
  if (Number(version) !== majorVersion) {
    throw new DataFolderUnusableError(
      dataDir,
      `was made by PostgreSQL ${version.trim()}, and this release brings PostgreSQL ${majorVersion}, which can't open ` +
        "it. To move the data, dump it with the release that made it and restore it here.",
    );
  }
  return true;
}

function assertOwnedByUs(dataDir: string, uid: number): void {
  if (isRoot() && uid === 0) {
    throw new DataFolderUnusableError(
      dataDir,
      `holds a database owned by root, as whom PostgreSQL refuses to run; give it to another user with chown -R.`,
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
