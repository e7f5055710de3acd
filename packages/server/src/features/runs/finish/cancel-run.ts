import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { hasEnded } from "../has-ended.ts";
import { lockRun, type RunKind, withUsage } from "../read/read-runs.ts";
import { endEarly } from "./fail-run.ts";

/** Ends a run as it stands: what has ended stays, nothing is added any more. A run that has ended is left as it is. */
export async function cancelRun(
  db: Database | DatabaseTransaction,
  kind: RunKind,
  key: RunKey,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const run = await lockRun(transaction, kind, key);
    if (hasEnded(run)) return withUsage(transaction, run);
    const cancelled = await endEarly(transaction, key, "Cancelled");
    return withUsage(transaction, cancelled ?? run);
  });
}
