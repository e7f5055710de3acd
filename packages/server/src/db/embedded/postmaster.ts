import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { basename, join } from "node:path";
import { errorCode } from "./errors.ts";
import { type RunAs, runProgram, writeFileAs } from "./run-as.ts";

/** PostgreSQL's main process on a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const pidFile = (folder: string) => join(folder, "postmaster.pid");

/** The postmaster that is running on this cluster, or `undefined` if there is none, whatever `postmaster.pid` says. */
export async function findPostmaster(folder: string): Promise<Postmaster | undefined> {
  const claim = await readPidFile(folder);
  if (claim === undefined || !isAlive(claim.pid)) return undefined;
  return (await isPostmasterOf(folder, claim.pid)) ? claim : undefined;
}

/** `postmaster.pid` has a line each for process id, folder, start time and port. The process may be long dead. */
async function readPidFile(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(folder), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number.parseInt(lines[0] ?? "", 10);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]) } : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is alive, but belongs to another user.
    return errorCode(error) === "EPERM";
  }
}

/** Process ids are reused (in containers after every restart), so a live process may be an unrelated one. */
async function isPostmasterOf(folder: string, pid: number): Promise<boolean> {
  switch (platform()) {
    case "linux": {
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      const [program, ...args] = command.split("\0");
      return basename(program ?? "") === "postgres" && args.includes(folder);
    }
    case "win32":
      return true;
    default: {
      const { output } = await runProgram("/bin/ps", ["-ww", "-o", "command=", "-p", String(pid)], undefined);
      return output.includes("/postgres -D") && output.includes(folder);
    }
  }
}

/**
 * Lets PostgreSQL start although `postmaster.pid` names a live process, if that process is an unrelated one.
 *
 * Deleting the file would also delete the key by which PostgreSQL notices orphaned processes that still write to the
 * data. So we write our own process id into it: PostgreSQL knows that its parent cannot be another postmaster, and
 * still checks the rest.
 */
export async function disownPidFile(folder: string, runAs: RunAs | undefined): Promise<void> {
  const claim = await readPidFile(folder);
  if (claim === undefined || !isAlive(claim.pid) || (await findPostmaster(folder)) !== undefined) return;
  const file = pidFile(folder);
  const text = await readFile(file, "utf8");
  await writeFileAs(file, text.replace(/^\d+/, String(process.pid)), runAs);
}
