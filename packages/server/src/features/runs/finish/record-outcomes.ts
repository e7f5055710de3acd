import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import { isOpenRun } from "../../../db/open-run.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { queueDispatcher } from "../dispatch/dispatch-run.ts";
import type { EndedItem } from "../outcome.ts";
import { notifyRunChanged } from "../run-notifications.ts";
import { kindOf } from "../target-kinds/target-kinds.ts";
import { endRun } from "./end-run.ts";

/**
 * Stores the scores of items that have ended, and the run's counts, in one transaction.
 *
 * A job may run twice, but each item counts once: its first outcome stays. Outcomes of a run that has ended or was
 * deleted are dropped.
 */
export async function recordOutcomes(db: Database, run: RunKey, items: readonly EndedItem[]): Promise<void> {
  await inTransaction(db, async (transaction) => {
    // Everything that changes a run locks its row first, so that no two changes deadlock.
    const state = await transaction
      .selectFrom("eval_runs")
      .select([
        "target_type",
        "metric_names",
        "total_targets",
        "evaluated_count",
        "fed_count",
        "feed_again_at",
      ])
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .where(isOpenRun())
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (state === undefined) return;
    const { fresh, byPosition, endedTargets } = await findFirstOutcomes(
      transaction,
      run,
      state.metric_names,
      items,
    );
    if (fresh.length === 0) return;
    await kindOf(state.target_type).insertScores(transaction, fresh);
    await markEnded(transaction, run, byPosition);
    const evaluated = state.evaluated_count + endedTargets;
    await transaction
      .updateTable("eval_runs")
      .set((row) => ({
        evaluated_count: evaluated,
        failed_count: row("failed_count", "+", fresh.filter((item) => item.status === "FAILED").length),
      }))
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .execute();
    if (evaluated === state.total_targets) {
      await endRun(transaction, run, { status: "COMPLETED" });
      return;
    }
    const isDispatched = state.fed_count === state.total_targets;
    if (!isDispatched && evaluated >= state.feed_again_at) await queueDispatcher(transaction, run);
    await notifyRunChanged(transaction, run.id, "progress");
  });
}

/** Finds the items that had not ended before, and counts the targets that end with them. */
async function findFirstOutcomes(
  db: DatabaseTransaction,
  run: RunKey,
  runMetrics: readonly string[],
  items: readonly EndedItem[],
) {
  const targets = await db
    .selectFrom("eval_run_targets")
    .select(["position", "metric_names", "ended_metrics"])
    .where("project_id", "=", run.project_id)
    .where("run_id", "=", run.id)
    .where("position", "in", [...new Set(items.map((item) => item.position))])
    .execute();
  const open = new Map(
    targets.map((target) => {
      const ended = new Set(target.ended_metrics);
      return [
        target.position,
        new Set((target.metric_names ?? runMetrics).filter((name) => !ended.has(name))),
      ];
    }),
  );
  const fresh = items.filter((item) => open.get(item.position)?.delete(item.metric));
  const byPosition = Map.groupBy(fresh, (item) => item.position);
  const endedTargets = [...byPosition.keys()].filter((position) => open.get(position)?.size === 0).length;
  return { fresh, byPosition, endedTargets };
}

async function markEnded(
  db: DatabaseTransaction,
  run: RunKey,
  byPosition: ReadonlyMap<number, readonly EndedItem[]>,
): Promise<void> {
  const rows = [...byPosition].map(([position, items]) => ({
    position,
    names: items.map((item) => item.metric),
  }));
  await sql`
    update eval_run_targets target
    set ended_metrics = target.ended_metrics || ended.names
    from json_to_recordset(${JSON.stringify(rows)}) as ended(position integer, names text[])
    where target.project_id = ${run.project_id} and target.run_id = ${run.id} and target.position = ended.position`.execute(
    db,
  );
}
