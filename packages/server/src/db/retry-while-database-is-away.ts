import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "./database.ts";
import { isUnavailable } from "./sql-state.ts";

/** Work that sees more outages than this may be causing them. */
const mostOutages = 20;

const pauseMs = 250;

/** Does the work, and repeats it after each database outage, as soon as the database is back. `stop` ends the wait. */
export async function retryWhileDatabaseIsAway<Result>(
  db: Database,
  stop: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let outages = 1; ; outages += 1) {
    try {
      return await work();
    } catch (error) {
      if (stop.aborted || !isOutage(error) || outages > mostOutages) throw error;
      if (!(await isReachable(db, stop))) throw error;
    }
  }
}

function isOutage(error: unknown): boolean {
  return isUnavailable(error) || (error instanceof Error && isUnavailable(error.cause));
}

/** Waits until the database answers. @returns false if `stop` ended the wait, or the pool was closed. */
async function isReachable(db: Database, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    try {
      await sql`select 1`.execute(db);
      return true;
    } catch (error) {
      if (!isUnavailable(error)) return false;
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return false;
}
