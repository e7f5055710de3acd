import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const patienceMs = 10_000;

/** Stops the PostgreSQL that a killed server leaves running on its data folder. */
export async function stopLeftPostgres(dataDir: string): Promise<void> {
  const lockFile = await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number.parseInt(lockFile, 10);
  if (!(pid > 1) || !isAlive(pid)) return;
  // PostgreSQL's "fast shutdown".
  process.kill(pid, "SIGINT");
  const deadline = performance.now() + patienceMs;
  while (isAlive(pid) && performance.now() < deadline) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
