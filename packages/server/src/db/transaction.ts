import type { Database, DatabaseTransaction } from "./database.ts";
import { isRetryable } from "./sql-state.ts";

const maxAttempts = 5;

/**
 * Runs `work` in a transaction: in `db` itself if it is one, otherwise in a new one. A new transaction is retried after a
 * deadlock or a serialization failure.
 */
export async function inTransaction<Result>(
  db: Database | DatabaseTransaction,
  work: (transaction: DatabaseTransaction) => Promise<Result>,
): Promise<Result> {
  if (isTransaction(db)) return work(db);
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempts === maxAttempts || !isRetryable(error)) throw error;
    }
  }
}

/** Whether this is a transaction rather than the database itself. */
export function isTransaction(db: Database | DatabaseTransaction): db is DatabaseTransaction {
  return db.isTransaction;
}
