import type { EvalRunResponse } from "@pandaprobe/contract";
import { cancelledMessage, cutFreeText, isOpen } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import { isOpenRun } from "../../../db/open-run.ts";
import { removeWaitingJobs } from "../../../db/queue/job-tables.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { Row } from "../../../db/schema.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { settleCalls } from "../../../judge/ledger/settle-calls.ts";
import { dispatcherKey } from "../dispatch/dispatch-run.ts";
import { evaluateTargetTask } from "../dispatch/queue-targets.ts";
import { lockRun, type RunKind } from "../read/read-runs.ts";
import { withUsage } from "../read/run-response.ts";
import { notifyRunChanged } from "../run-notifications.ts";

/** How a run ends: all its items have ended, or it stops early for a reason that its `error_message` gives. */
type Ending = { readonly status: "COMPLETED" } | { readonly status: "FAILED"; readonly reason: string };

/**
 * Ends an open run. Items that have ended keep their scores; a retry can evaluate the rest.
 *
 * @returns the run; `undefined` if it had already ended or no longer exists.
 */
export async function endRun(
  db: DatabaseTransaction,
  key: RunKey,
  ending: Ending,
): Promise<Row<"eval_runs"> | undefined> {
  const run = await db
    .updateTable("eval_runs")
    .set({
      status: ending.status,
      error_message: ending.status === "FAILED" ? cutFreeText(ending.reason) : null,
      completed_at: sql<string>`now_ms()`,
    })
    .where("project_id", "=", key.project_id)
    .where("id", "=", key.id)
    .where(isOpenRun())
    .returningAll()
    .executeTakeFirst();
  if (run === undefined) return undefined;
  // Every item has ended, so a call that is still pending was lost with its process.
  if (ending.status === "COMPLETED") await settleCalls(db, key);
  else await removeJobs(db, key.id);
  await notifyRunChanged(db, key.id, "ended");
  return run;
}

/** Ends a run that cannot continue, with a reason. */
export async function failRun(db: Database, key: RunKey, reason: string): Promise<void> {
  await inTransaction(db, async (transaction) => {
    await endRun(transaction, key, { status: "FAILED", reason });
  });
}

/** Cancels a run. A run that has already ended is returned unchanged. @throws ProblemError `not_found` */
export async function cancelRun(
  db: Database | DatabaseTransaction,
  kind: RunKind,
  key: RunKey,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const run = await lockRun(transaction, kind, key);
    if (!isOpen(run)) return withUsage(transaction, run);
    const cancelled = await endRun(transaction, key, { status: "FAILED", reason: cancelledMessage });
    return withUsage(transaction, cancelled ?? run);
  });
}

/**
 * Deletes a run, which also stops it and closes the review queues that were drawn from it. Its scores stay, without a
 * run, unless `deleteScores` is set.
 *
 * @throws ProblemError `not_found`
 */
export async function deleteRun(
  db: Database,
  kind: RunKind,
  key: RunKey,
  options: { deleteScores: boolean },
): Promise<void> {
  await inTransaction(db, async (transaction) => {
    const { project_id: projectId, id: runId } = await lockRun(transaction, kind, key);
    if (options.deleteScores) {
      // The trace scores of a session run are its signals.
      for (const table of ["trace_scores", "session_scores"] as const) {
        await transaction
          .deleteFrom(table)
          .where("project_id", "=", projectId)
          .where("eval_run_id", "=", runId)
          .execute();
      }
    }
    await transaction
      .updateTable("review_queues")
      .set({ closed_at: sql<string>`coalesce(closed_at, now_ms())` })
      .where("project_id", "=", projectId)
      .where("run_id", "=", runId)
      .execute();
    await transaction
      .deleteFrom("eval_runs")
      .where("project_id", "=", projectId)
      .where("id", "=", runId)
      .execute();
    await removeJobs(transaction, runId);
    await notifyRunChanged(transaction, runId, "ended");
  });
}

/** Takes the run's jobs out of the queue. Jobs that a worker has taken stop when the worker hears that the run ended. */
async function removeJobs(db: DatabaseTransaction, runId: string): Promise<void> {
  await sql`select graphile_worker.remove_job(${dispatcherKey(runId)})`.execute(db);
  await removeWaitingJobs(db, { field: "run_id", id: runId, task: evaluateTargetTask });
}
