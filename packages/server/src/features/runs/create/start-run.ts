import type { EvalRunResponse } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Quotas } from "../../../config/project-limits.ts";
import type { DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { NewRow } from "../../../db/schema.ts";
import type { Judges } from "../../../judge/judges.ts";
import { noUsage } from "../../../judge/ledger/usage.ts";
import { checkRun } from "../../quotas/check-quotas.ts";
import { queueDispatcher } from "../dispatch/dispatch-run.ts";
import { runResponse } from "../read/run-response.ts";

/** What says whether a project may make a run, and what it may cost. */
interface RunLimits {
  readonly judges: Judges;
  readonly quotas: Quotas;
}

export type NewRun = Omit<NewRow<"eval_runs">, "id" | "status" | "total_targets">;

/**
 * Stores a run, if its project may make one, with its targets, its budget and the job that feeds them to the workers.
 *
 * With a quota of spending, what the run may cost is limited by what the project has left today.
 *
 * @param addTargets stores the run's targets and says how many there are. A run without any is over at once.
 */
export async function startRun(
  db: DatabaseTransaction,
  { judges, quotas }: RunLimits,
  newRun: NewRun,
  addTargets: (run: RunKey) => Promise<number>,
): Promise<EvalRunResponse> {
  const key = { project_id: newRun.project_id, id: uuidv7() };
  const max_cost_usd = await checkRun(db, newRun.project_id, quotas, {
    askedUsd: newRun.max_cost_usd ?? null,
    isFree: [newRun.model, newRun.embedding_model].every((model) => isFree(judges, model)),
  });
  await db
    .insertInto("eval_runs")
    .values({ ...newRun, ...key, max_cost_usd, status: "PENDING", total_targets: 0 })
    .execute();
  if (max_cost_usd !== null) {
    await db
      .insertInto("eval_run_budgets")
      .values({ project_id: key.project_id, run_id: key.id, max_usd: max_cost_usd })
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
  if (total > 0) await queueDispatcher(db, key);
  return runResponse(run, noUsage, null);
}

/** With a quota of spending, whatever may be asked has a price, but for the heuristic and what the metrics do not use. */
function isFree(judges: Judges, model: string | null | undefined): boolean {
  const price = model == null ? null : judges.priceOf(model);
  return price === null || (price.inputUsdPerMtok === 0 && price.outputUsdPerMtok === 0);
}
