import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { notifyRunChanged } from "../run-notifications.ts";
import { fairShareFlags } from "./fair-share-flags.ts";
import { maxJobAttempts, queuePriority, queueTargets } from "./queue-targets.ts";

/** The task that hands a run's next targets to the queue. */
export const dispatchRunTask = "feed_run";

/** How many targets of one run are in the queue or under way at the most, for each job that all workers take at once. */
const windowPerPlace = 4;
/** The same where no worker is there yet. */
const smallestWindow = 64;

/** The key of a run's feeder in the queue. */
export function dispatcherKey(runId: string): string {
  return `feed:${runId}`;
}

/** Queues the feeder of a run, once: a feeder that waits already serves. */
export async function queueDispatcher(db: DatabaseTransaction, run: RunKey): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${dispatchRunTask}, json_build_object('project_id', ${run.project_id}::text, 'run_id', ${run.id}::text),
    job_key => ${dispatcherKey(run.id)}, max_attempts => ${maxJobAttempts}, priority => ${queuePriority.feeder}
  )`.execute(db);
}

/**
 * Hands the next targets to the queue, as many as keep the workers busy until it is called again.
 *
 * Each target gets a turn, and the queue goes by turns. A run's turns begin after the one that has come, and are as far
 * apart as its project has runs that ask the same model: so projects share the workers alike, and so do the runs of one
 * project, whatever their lengths. Whoever was away has saved up nothing, and nobody is overtaken for ever.
 *
 * @param turn the one that has come, as far as this process knows.
 */
export async function dispatchRun(db: Database, run: RunKey, turn: number): Promise<void> {
  await inTransaction(db, async (transaction) => {
    const row = await transaction
      .selectFrom("eval_runs")
      .select(["model", "fed_count", "fed_turn", "evaluated_count", "total_targets"])
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .where("status", "in", ["PENDING", "RUNNING"])
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) return;
    const { window, step } = await readShare(transaction, run, row.model);
    const fedCount = Math.min(row.evaluated_count + window, row.total_targets);
    if (fedCount <= row.fed_count) return;
    const afterTime = Math.max(await tellTurn(transaction, turn), row.fed_turn);
    const flags = fairShareFlags({ projectId: run.project_id, model: row.model });
    await queueTargets(transaction, run, { from: row.fed_count, to: fedCount, afterTime, step, flags });
    await transaction
      .updateTable("eval_runs")
      .set({
        fed_count: fedCount,
        fed_turn: afterTime + step * (fedCount - row.fed_count),
        feed_again_at: fedCount - Math.floor(window / 2),
        status: "RUNNING",
      })
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .execute();
    await notifyRunChanged(transaction, run.id, "progress");
  });
}

/** How many targets of the run may be in the queue or under way, and how far apart their turns are. */
async function readShare(
  db: DatabaseTransaction,
  run: RunKey,
  model: string | null,
): Promise<{ window: number; step: number }> {
  const { places, step } = await db
    .selectNoFrom((select) => [
      select.selectFrom("workers").select(sql<number>`coalesce(sum(places), 0)`.as("places")).as("places"),
      select
        .selectFrom("eval_runs")
        .select((row) => row.fn.countAll<number>().as("runs"))
        .where("project_id", "=", run.project_id)
        .where("status", "in", ["PENDING", "RUNNING"])
        .where("model", "is not distinct from", model)
        .as("step"),
    ])
    .executeTakeFirstOrThrow();
  return { window: Math.max(smallestWindow, windowPerPlace * (places ?? 0)), step: Math.max(1, step ?? 1) };
}

/** Moves the clock that all feeders share up to a turn. The lock of its one row is held until the targets are queued. */
async function tellTurn(db: DatabaseTransaction, turn: number): Promise<number> {
  const clock = await db
    .updateTable("feeding_clock")
    .set((row) => ({ turn: row.fn<number>("greatest", ["turn", sql.val(turn)]) }))
    .returning("turn")
    .executeTakeFirstOrThrow();
  return clock.turn;
}
