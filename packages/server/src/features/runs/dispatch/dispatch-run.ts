import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import { isOpenRun } from "../../../db/open-run.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { notifyRunChanged } from "../run-notifications.ts";
import { fairShareFlags } from "./fair-share-flags.ts";
import { maxJobAttempts, queuePriority, queueTargets } from "./queue-targets.ts";

/** The task that hands a run's next targets to the queue. Deployed databases know it by this name. */
export const dispatchRunTask = "feed_run";

/** How many targets of a run are queued or being evaluated at most, per job slot of all workers together. */
const windowPerSlot = 4;
/** The same limit while there are few or no workers. */
const smallestWindow = 64;

/** The job key of a run's dispatcher. */
export function dispatcherKey(runId: string): string {
  return `feed:${runId}`;
}

/** Queues the dispatcher of a run, unless it is already waiting. */
export async function queueDispatcher(db: DatabaseTransaction, run: RunKey): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${dispatchRunTask}, json_build_object('project_id', ${run.project_id}::text, 'run_id', ${run.id}::text),
    job_key => ${dispatcherKey(run.id)}, max_attempts => ${maxJobAttempts}, priority => ${queuePriority.dispatcher}
  )`.execute(db);
}

/**
 * Hands a run's next targets to the queue, enough to keep the workers busy until the dispatcher runs again.
 *
 * Each target gets a virtual start time, and the queue runs jobs in that order (start-time fair queueing). A run's
 * virtual times begin at the current one, and are as far apart as its project has open runs for the same model. So
 * projects get equal shares of the workers, and so do the runs of a project, whatever their sizes. An idle project
 * gains no advantage, and no job is overtaken forever.
 *
 * @param virtualNow the latest virtual start time of a job that this process has started.
 */
export async function dispatchRun(db: Database, run: RunKey, virtualNow: number): Promise<void> {
  await inTransaction(db, async (transaction) => {
    const row = await transaction
      .selectFrom("eval_runs")
      .select(["model", "fed_count", "fed_turn", "evaluated_count", "total_targets"])
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .where(isOpenRun())
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) return;
    const { window, step } = await readShare(transaction, run, row.model);
    const dispatched = Math.min(row.evaluated_count + window, row.total_targets);
    if (dispatched <= row.fed_count) return;
    const after = Math.max(await advanceVirtualClock(transaction, virtualNow), row.fed_turn);
    const flags = fairShareFlags({ projectId: run.project_id, model: row.model });
    await queueTargets(transaction, run, { from: row.fed_count, to: dispatched, after, step, flags });
    await transaction
      .updateTable("eval_runs")
      .set({
        fed_count: dispatched,
        fed_turn: after + step * (dispatched - row.fed_count),
        feed_again_at: dispatched - Math.floor(window / 2),
        status: "RUNNING",
      })
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .execute();
    await notifyRunChanged(transaction, run.id, "progress");
  });
}

/** How many targets of the run may be queued or being evaluated, and how far apart their virtual start times are. */
async function readShare(
  db: DatabaseTransaction,
  run: RunKey,
  model: string | null,
): Promise<{ window: number; step: number }> {
  const { slots, step } = await db
    .selectNoFrom((select) => [
      select.selectFrom("workers").select(sql<number>`coalesce(sum(places), 0)`.as("slots")).as("slots"),
      select
        .selectFrom("eval_runs")
        .select((row) => row.fn.countAll<number>().as("runs"))
        .where("project_id", "=", run.project_id)
        .where(isOpenRun())
        .where("model", "is not distinct from", model)
        .as("step"),
    ])
    .executeTakeFirstOrThrow();
  return { window: Math.max(smallestWindow, windowPerSlot * (slots ?? 0)), step: Math.max(1, step ?? 1) };
}

/**
 * Advances the virtual clock that all dispatchers share, at least to `virtualNow`. The clock is one row, and its lock
 * is held until the targets are queued.
 */
async function advanceVirtualClock(db: DatabaseTransaction, virtualNow: number): Promise<number> {
  const clock = await db
    .updateTable("feeding_clock")
    .set((row) => ({ turn: row.fn<number>("greatest", ["turn", sql.val(virtualNow)]) }))
    .returning("turn")
    .executeTakeFirstOrThrow();
  return clock.turn;
}
