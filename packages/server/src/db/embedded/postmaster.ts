import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { basename, join } from "node:path";
import { isAlive } from "./process-is-alive.ts";
import { runProgram } from "./run-program.ts";

/** PostgreSQL's main process on a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

export const pidFile = (folder: string) => join(folder, "postmaster.pid");

/** The postmaster that runs on this cluster, or `undefined` if none does, whatever `postmaster.pid` claims. */
export async function findPostmaster(folder: string): Promise<Postmaster | undefined> {
  const claim = await readClaim(folder);
  if (claim === undefined || !isAlive(claim.pid)) return undefined;
  return (await isPostmasterOf(folder, claim.pid)) ? claim : undefined;
}

/** What `postmaster.pid` says: process id, folder, start time and port, one a line. The process may be long dead. */
export async function readClaim(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(folder), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number.parseInt(lines[0] ?? "", 10);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]) } : undefined;
}

/** Process ids are used again, in containers after every restart: the living process may be any other. */
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
