import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";

/** The channel that tells all processes of runs that moved on. */
export const runChangesChannel = "eval_run_changes";

/** Its status or counts have changed; or it ended, was deleted included. */
export type RunChange = "progress" | "ended";

/** Tells all processes, once the transaction commits. */
export async function notifyRunChanged(
  db: DatabaseTransaction,
  runId: string,
  change: RunChange,
): Promise<void> {
  await sql`select pg_notify(${runChangesChannel}, ${`${runId} ${change}`})`.execute(db);
}

export function parseRunChange(payload: string): { runId: string; change: RunChange } {
  const [runId = "", change] = payload.split(" ");
  return { runId, change: change === "ended" ? "ended" : "progress" };
}
