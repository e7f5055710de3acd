import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";

/** The channel for changes of runs, which every process listens to. */
export const runChangesChannel = "eval_run_changes";

/** `progress`: its status or counts have changed. `ended`: it has ended or was deleted. */
export type RunChange = "progress" | "ended";

/** Notifies all processes when the transaction commits. */
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
