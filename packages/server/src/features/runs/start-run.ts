import type { EvalRunResponse } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import type { NewRow } from "../../db/schema.ts";
import { noUsage } from "../../judge/ledger/usage.ts";
import { queueFeeder } from "./feed-run.ts";
import { runResponse } from "./run-response.ts";

export type NewRun = Omit<NewRow<"eval_runs">, "id" | "status" | "total_targets">;

/**
 * Stores a run with its targets, its budget and the job that feeds them to the workers.
 *
 * @param addTargets stores the run's targets and says how many there are. A run without any is over at once.
 */
export async function startRun(
  db: DatabaseTransaction,
  newRun: NewRun,
  addTargets: (run: RunKey) => Promise<number>,
): Promise<EvalRunResponse> {
  const key = { project_id: newRun.project_id, id: uuidv7() };
  await db
    .insertInto("eval_runs")
    .values({ ...newRun, ...key, status: "PENDING", total_targets: 0 })
    .execute();
  if (newRun.max_cost_usd != null) {
    await db
      .insertInto("eval_run_budgets")
      .values({ project_id: key.project_id, run_id: key.id, max_usd: newRun.max_cost_usd })
      .execute();
  }
  const total = await addTargets(key);
  const run = await db
    .updateTable("eval_runs")
    .set({
      total_targets: total,
      ...(total === 0 ? { status: "COMPLETED" as const, completed_at: sql<string>`now_ms()` } : {}),
    })
    .where("project_id", "=", key.project_id)
    .where("id", "=", key.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (total > 0) await queueFeeder(db, key);
  return runResponse(run, noUsage, null);
}
