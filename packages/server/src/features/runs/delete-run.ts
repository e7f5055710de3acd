import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { notFound } from "../problem.ts";
import { notifyRunChanged } from "./run-changes.ts";
import type { RunKey } from "./run-key.ts";
import type { TargetKind } from "./target-kinds/target-kind.ts";

/** Deletes a run, which stops it. Its scores stay, without a run, unless `deleteScores` is set. */
export async function deleteRun(
  db: Database,
  kind: Pick<TargetKind<never>, "type" | "noun">,
  { project_id: projectId, id: runId }: RunKey,
  options: { deleteScores: boolean },
): Promise<void> {
  await inTransaction(db, async (transaction) => {
    // Locked first: whoever records scores of this run locks it as well, and finds it gone afterwards.
    const run = await transaction
      .selectFrom("eval_runs")
      .select("id")
      .where("project_id", "=", projectId)
      .where("id", "=", runId)
      .where("target_type", "=", kind.type)
      .forUpdate()
      .executeTakeFirst();
    if (run === undefined) throw notFound(`${kind.noun} run`, runId);
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
      .deleteFrom("eval_runs")
      .where("project_id", "=", projectId)
      .where("id", "=", runId)
      .execute();
    await notifyRunChanged(transaction, runId, "ended");
  });
}
