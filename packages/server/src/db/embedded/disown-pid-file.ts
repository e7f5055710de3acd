import { readFile } from "node:fs/promises";
import { findPostmaster, pidFile, readClaim } from "./postmaster.ts";
import { isAlive } from "./process-is-alive.ts";
import type { RunAs } from "./run-as.ts";
import { writeFileAs } from "./write-file-as.ts";

/**
 * PostgreSQL won't start while the process that `postmaster.pid` names is alive, even if that is by now an unrelated
 * one. Deleting the file would also delete the key by which PostgreSQL notices orphaned processes that still write to
 * the data. So we put our own process id in: PostgreSQL knows that its launcher can't be another postmaster, and goes on
 * to check the rest.
 */
export async function disownPidFile(folder: string, runAs: RunAs | undefined): Promise<void> {
  const claim = await readClaim(folder);
  if (claim === undefined || !isAlive(claim.pid) || (await findPostmaster(folder)) !== undefined) return;
  const file = pidFile(folder);
  const text = await readFile(file, "utf8");
  await writeFileAs(file, text.replace(/^\d+/, String(process.pid)), runAs);
}
