import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { settleCalls } from "../../../judge/ledger/settle-calls.ts";
import { queueDispatcher } from "../dispatch/dispatch-run.ts";
import type { Outcome } from "../outcome.ts";
import { notifyRunChanged } from "../run-notifications.ts";
import { kindOf } from "../target-kinds/target-kinds.ts";

/**
 * Stores how pairs of one run ended: their scores, and the counters that count them, in one transaction.
 *
 * Each pair counts once, however often it is recorded, for a job may run twice: the first outcome stands. Outcomes of a
 * run that has ended or is gone are dropped.
 */
export async function recordOutcomes(db: Database, run: RunKey, outcomes: readonly Outcome[]): Promise<void> {
  await inTransaction(db, async (transaction) => {
    // The run's row is locked before any other, so that two who record, or one who deletes, cannot deadlock.
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
      .where("status", "in", ["PENDING", "RUNNING"])
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (state === undefined) return;
    const { fresh, ended, endedTargets } = await endItems(transaction, run, state.metric_names, outcomes);
    if (fresh.length === 0) return;
    await kindOf(state.target_type).insertScores(transaction, fresh);
    await markEnded(transaction, run, ended);
    const evaluated = state.evaluated_count + endedTargets;
    const isOver = evaluated === state.total_targets;
    await transaction
      .updateTable("eval_runs")
      .set((row) => ({
        evaluated_count: evaluated,
        failed_count: row("failed_count", "+", fresh.filter((outcome) => outcome.status === "FAILED").length),
        ...(isOver ? { status: "COMPLETED" as const, completed_at: sql<string>`now_ms()` } : {}),
      }))
      .where("project_id", "=", run.project_id)
      .where("id", "=", run.id)
      .execute();
    if (isOver) await settleCalls(transaction, run);
    const waiting = state.fed_count < state.total_targets;
    if (waiting && evaluated >= state.feed_again_at) await queueDispatcher(transaction, run);
    await notifyRunChanged(transaction, run.id, isOver ? "ended" : "progress");
  });
}

/** Finds the outcomes whose pair has not ended yet, and what that makes of their targets. */
async function endItems(
  db: DatabaseTransaction,
  run: RunKey,
  runMetrics: readonly string[],
  outcomes: readonly Outcome[],
) {
  const targets = await db
    .selectFrom("eval_run_targets")
    .select(["position", "metric_names", "ended_metrics"])
    .where("project_id", "=", run.project_id)
    .where("run_id", "=", run.id)
    .where("position", "in", [...new Set(outcomes.map((outcome) => outcome.position))])
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
  const fresh = outcomes.filter((outcome) => open.get(outcome.position)?.delete(outcome.metric));
  const ended = Map.groupBy(fresh, (outcome) => outcome.position);
  const endedTargets = [...ended.keys()].filter((position) => open.get(position)?.size === 0).length;
  return { fresh, ended, endedTargets };
}

async function markEnded(
  db: DatabaseTransaction,
  run: RunKey,
  ended: ReadonlyMap<number, readonly Outcome[]>,
): Promise<void> {
  const rows = [...ended].map(([position, outcomes]) => ({
    position,
    names: outcomes.map((outcome) => outcome.metric),
  }));
  await sql`
    update eval_run_targets target
    set ended_metrics = target.ended_metrics || ended.names
    from json_to_recordset(${JSON.stringify(rows)}) as ended(position integer, names text[])
    where target.project_id = ${run.project_id} and target.run_id = ${run.id} and target.position = ended.position`.execute(
    db,
  );
}
