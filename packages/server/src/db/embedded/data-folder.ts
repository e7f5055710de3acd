import { access, chmod, chown, constants, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DataFolderUnusableError } from "./data-folder-unusable-error.ts";
import { errorCode } from "./error-code.ts";
import { barrier } from "./reachability.ts";
import type { RunAs } from "./run-as.ts";

/** Folders in which a cluster is being made begin so. */
export const stagingPrefix = ".new-postgres-";

/** What a file system puts into a folder by itself, such as a freshly mounted volume. */
const noise = new Set(["lost+found", ".DS_Store"]);

/**
 * Makes the data folder if need be and sees to it that it can hold our cluster.
 *
 * @returns Its path without symbolic links, which is how PostgreSQL will name it.
 * @throws DataFolderUnusableError
 */
export async function openDataFolder(dataDir: string, runAs: RunAs | undefined): Promise<string> {
  const wanted = resolve(dataDir);
  if (runAs !== undefined) await assertWayIsFree(wanted, runAs);
  try {
    await makeFolder(wanted, runAs);
    const folder = await realpath(wanted);
    await assertOurs(folder);
    // Only now that nobody else's files are in there.
    if (runAs !== undefined) await chown(folder, runAs.uid, runAs.gid);
    await access(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new DataFolderUnusableError(wanted, `${meaning(code)} (${code}).`, { cause: error });
  }
}

/** Level by level, for `mkdir`'s own `recursive` never returns on file systems such as /proc. */
async function makeFolder(folder: string, runAs: RunAs | undefined): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent, runAs);
  await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another server makes it at the same time.
    if (!(await isFolder(folder))) throw error;
  });
  // Whatever root's umask is, the user PostgreSQL runs as has to get through.
  if (runAs !== undefined) await chmod(folder, 0o755);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function assertWayIsFree(folder: string, runAs: RunAs): Promise<void> {
  const blocked = await barrier(dirname(folder), runAs);
  if (blocked === undefined) return;
  throw new DataFolderUnusableError(
    folder,
    `can't be used: PostgreSQL refuses to run as root, and the user "${runAs.name}" whom it runs as may not enter ` +
      `${blocked}. A folder such as /var/lib/pandaprobe can be entered by every user.`,
  );
}

async function assertOurs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !noise.has(name) && !name.startsWith(stagingPrefix));
  // Whether that one is ours is for its own check to say.
  if (names.length === 0 || names.includes("postgres")) return;
  throw new DataFolderUnusableError(
    folder,
    `is not empty and holds no PandaProbe data (it contains ${JSON.stringify(names[0])}); nothing was changed in it.`,
  );
}

function meaning(code: string): string {
  if (code === "ENOTDIR" || code === "EEXIST") return "can't be made: a file is in its way";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "can't be written by this user";
  return "can't be used";
}
