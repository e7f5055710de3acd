import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { notifyRunChanged } from "./run-changes.ts";
import type { RunKey } from "./run-key.ts";

/** The task that hands a run's next targets to the queue. */
export const feedRunTask = "feed_run";
/** The task that evaluates one target of a run. */
export const evaluateTargetTask = "evaluate_target";

/**
 * How many targets of one run stand in the queue at the most. Enough to keep many workers busy; few enough that a run
 * of ten beside a run of 100,000 waits for no more than these.
 */
export const feedWindow = 200;

/** How often a target's job is tried when the server itself fails; the task gives up well before. */
const maxAttempts = 25;

/** The key of a run's feeder in the queue. */
export function feederKey(runId: string): string {
  return `feed:${runId}`;
}

/** Queues the feeder of a run, once: a feeder that waits already serves. */
export async function queueFeeder(db: DatabaseTransaction, run: RunKey): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${feedRunTask}, json_build_object('project_id', ${run.project_id}::text, 'run_id', ${run.id}::text),
    job_key => ${feederKey(run.id)}, max_attempts => ${maxAttempts}
  )`.execute(db);
}

/** Hands the next targets to the queue, as many as the window has room for. */
export async function feedRun(db: Database, run: RunKey): Promise<void> {
  await inTransaction(db, async (transaction) => {
    const row = await transaction
      .selectFrom("eval_runs")
      .select(["status", "fed_count", "evaluated_count", "total_targets"])
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .where("status", "in", ["PENDING", "RUNNING"])
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) return;
    const fedCount = Math.min(row.evaluated_count + feedWindow, row.total_targets);
    if (fedCount <= row.fed_count) return;
    await sql`
      select count(*) from graphile_worker.add_jobs((
        select array_agg(row(
          ${evaluateTargetTask}::text,
          json_build_object('project_id', project_id, 'run_id', run_id, 'position', position),
          null, null, ${maxAttempts}::int, null, null, null
        )::graphile_worker.job_spec order by position)
        from eval_run_targets
        where project_id = ${run.project_id} and run_id = ${run.id}
          and position >= ${row.fed_count} and position < ${fedCount}
      ))`.execute(transaction);
    await transaction
      .updateTable("eval_runs")
      .set({ fed_count: fedCount, status: "RUNNING" })
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .execute();
    await notifyRunChanged(transaction, run.id, "progress");
  });
}
