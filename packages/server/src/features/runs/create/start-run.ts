import type { EvalRunResponse } from "@pandaprobe/contract";
import { v7 as uuidv7 } from "uuid";
import type { Quotas } from "../../../config/project-limits.ts";
import type { DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { NewRow } from "../../../db/schema.ts";
import type { Judges } from "../../../judge/judges.ts";
import { checkRun } from "../../quotas/check-quotas.ts";
import { queueDispatcher } from "../dispatch/dispatch-run.ts";
import { endRun } from "../finish/end-run.ts";
import { newRunResponse } from "../read/run-response.ts";

/** Decides whether a project may create a run, and its highest cost. */
interface Limits {
  readonly judges: Judges;
  readonly quotas: Quotas;
  /** The judges of metrics that have their own, by metric. */
  readonly others: ReadonlyMap<string, string>;
}

export type NewRun = Omit<NewRow<"eval_runs">, "id" | "status" | "total_targets">;

/**
 * Stores a run with its targets, its budget and the job that dispatches it. A spending quota limits the run's budget to
 * what the project has left today.
 *
 * @param addTargets stores the run's targets and returns how many there are. A run without targets is complete at once.
 * @throws ProblemError `quota_exceeded` if the project may not create another run.
 */
export async function startRun(
  db: DatabaseTransaction,
  { judges, quotas, others }: Limits,
  newRun: NewRun,
  addTargets: (run: RunKey) => Promise<number>,
): Promise<EvalRunResponse> {
  const key = { project_id: newRun.project_id, id: uuidv7() };
  const max_cost_usd = await checkRun(db, newRun.project_id, quotas, {
    askedUsd: newRun.max_cost_usd ?? null,
    isFree: [...(newRun.judges ?? [newRun.model]), newRun.embedding_model, ...others.values()].every(
      (model) => isFree(judges, model),
    ),
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
    .set({ total_targets: total })
    .where("project_id", "=", key.project_id)
    .where("id", "=", key.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (total === 0) return newRunResponse((await endRun(db, key, { status: "COMPLETED" })) ?? run);
  await queueDispatcher(db, key);
  return newRunResponse(run);
}

/** With a spending quota every model has a price, except the heuristic and models that the metrics do not use. */
export function isFree(judges: Judges, model: string | null | undefined): boolean {
  const price = model == null ? null : judges.priceOf(model);
  return price === null || (price.inputUsdPerMtok === 0 && price.outputUsdPerMtok === 0);
}
