import type { Database } from "../../../../db/database.ts";
import type { RunKey } from "../../../../db/run-key.ts";
import { inTransaction } from "../../../../db/transaction.ts";
import { insertTraceScores } from "../../insert-trace-scores.ts";
import type { NewScore } from "../../outcome.ts";

/** Stores signals as trace scores of their run. Those of a run that has ended or is gone are dropped. */
export async function storeSignals(db: Database, _run: RunKey, signals: readonly NewScore[]): Promise<void> {
  await inTransaction(db, (transaction) => insertTraceScores(transaction, signals));
}
