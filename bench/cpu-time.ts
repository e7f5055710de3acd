import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Pool } from "pg";

/** CPU time of this process, including its threads, and of PostgreSQL, in milliseconds. */
export interface CpuTime {
  readonly self: number;
  readonly postgres: number;
}

/** Reads CPU times on Linux, where `/proc` has those of PostgreSQL's processes; elsewhere they are NaN. */
export async function cpuClock(pool: Pool): Promise<() => CpuTime> {
  const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
  const postmaster = process.platform === "linux" ? fieldsOf(String(rows[0]?.pid))?.[1] : undefined;
  const tickMs = 1000 / Number(postmaster === undefined ? Number.NaN : execFileSync("getconf", ["CLK_TCK"]));
  return () => {
    const { user, system } = process.cpuUsage();
    return {
      self: (user + system) / 1000,
      postgres: postmaster === undefined ? Number.NaN : ticksOfFamily(postmaster) * tickMs,
    };
  };
}

/** Of the postmaster, its children, and those that have ended. */
function ticksOfFamily(postmaster: string): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc")) {
    const [, parent, , , , , , , , , , user, system, endedUser, endedSystem] = fieldsOf(pid) ?? [];
    if (pid !== postmaster && parent !== postmaster) continue;
    ticks += Number(user) + Number(system);
    if (pid === postmaster) ticks += Number(endedUser) + Number(endedSystem);
  }
  return ticks;
}

/** What follows a process's name in its `stat`: first its state, then the parent's pid. */
function fieldsOf(pid: string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
  } catch {
    // Not a process, or no longer one.
    return;
  }
}
