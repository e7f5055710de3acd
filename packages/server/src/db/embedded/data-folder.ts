import { access, chmod, chown, constants, lstat, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { DataFolderUnusableError, errorCode } from "./errors.ts";
import { isRoot, type RunAs, runProgram } from "./run-as.ts";

/** A new cluster is created in a folder whose name starts with this, and then moved into place. */
export const stagingPrefix = ".new-postgres-";

/** Entries that a file system adds to a folder by itself, for example to a new volume. */
const noise = new Set(["lost+found", ".DS_Store"]);

/**
 * The data folder if none is configured: one per user that does not depend on the current folder, and for root
 * `/var/lib/pandaprobe`, because the unprivileged user that PostgreSQL then runs as cannot enter root's home.
 *
 * @param environment The environment variables (`XDG_DATA_HOME` on Linux, `LOCALAPPDATA` on Windows).
 */
export function defaultDataDir(environment: Readonly<Record<string, string | undefined>>): string {
  if (isRoot()) return "/var/lib/pandaprobe";
  switch (platform()) {
    case "darwin":
      return join(homedir(), "Library", "Application Support", "pandaprobe");
    case "win32":
      return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "pandaprobe");
    default:
      return join(xdgDataHome(environment["XDG_DATA_HOME"]), "pandaprobe");
  }
}

/** The XDG base directory specification says to ignore relative paths. */
function xdgDataHome(configured: string | undefined): string {
  return configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), ".local", "share");
}

/**
 * Creates the data folder if it does not exist, and checks that it can hold our cluster.
 *
 * @returns Its path without symbolic links, which is how PostgreSQL will name it.
 * @throws DataFolderUnusableError
 */
export async function openDataFolder(dataDir: string, runAs: RunAs | undefined): Promise<string> {
  const wanted = resolve(dataDir);
  if (runAs !== undefined) await assertReachable(wanted, runAs);
  try {
    await makeFolder(wanted, runAs);
    const folder = await realpath(wanted);
    await assertOurs(folder);
    // Not earlier: the folder may have held someone else's files.
    if (runAs !== undefined) await chown(folder, runAs.uid, runAs.gid);
    await access(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new DataFolderUnusableError(wanted, `${meaning(code)} (${code}).`, { cause: error });
  }
}

/** Level by level, because `mkdir` with `recursive` never returns on file systems such as /proc. */
async function makeFolder(folder: string, runAs: RunAs | undefined): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent, runAs);
  await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another server may have created it at the same time.
    if (!(await isFolder(folder))) throw error;
  });
  // The user that PostgreSQL runs as must be able to enter it, whatever root's umask is.
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

async function assertReachable(folder: string, runAs: RunAs): Promise<void> {
  const blocked = await barrier(dirname(folder), runAs);
  if (blocked === undefined) return;
  throw new DataFolderUnusableError(
    folder,
    `can't be used: PostgreSQL refuses to run as root, and the user "${runAs.name}" that it runs as may not enter ` +
      `${blocked}. A folder such as /var/lib/pandaprobe can be entered by every user.`,
  );
}

/** The topmost folder on the way to `folder` that the user may not enter, or `undefined` if there is none. */
async function barrier(folder: string, runAs: RunAs): Promise<string | undefined> {
  if (await canEnter(folder, runAs)) return undefined;
  const parent = dirname(folder);
  if (parent === folder) return folder;
  const above = await barrier(parent, runAs);
  if (above !== undefined) return above;
  return (await exists(folder)) ? folder : undefined;
}

/** Tries it, because the mode alone does not decide (access lists, network file systems). */
async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  return (await runProgram("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], runAs)).code === 0;
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function assertOurs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !noise.has(name) && !name.startsWith(stagingPrefix));
  // `hasCluster` checks whether a folder "postgres" is ours.
  if (names.length === 0 || names.includes("postgres")) return;
  throw new DataFolderUnusableError(
    folder,
    `is not empty and has no PandaProbe data (it contains ${JSON.stringify(names[0])}); nothing was changed in it.`,
  );
}

function meaning(code: string): string {
  if (code === "ENOTDIR" || code === "EEXIST") return "can't be created: a file is in its way";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "can't be written by this user";
  return "can't be used";
}
