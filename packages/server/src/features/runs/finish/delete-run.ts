import type { Database } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { lockRun, type RunKind } from "../read/read-runs.ts";
import { endWork } from "./end-work.ts";

/** Deletes a run, which stops it. Its scores stay, without a run, unless `deleteScores` is set. */
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
      .deleteFrom("eval_runs")
      .where("project_id", "=", projectId)
      .where("id", "=", runId)
      .execute();
    await endWork(transaction, runId);
  });
}
