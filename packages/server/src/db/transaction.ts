import type { Database, DatabaseTransaction } from "./database.ts";
import { isRetriable } from "./sql-state.ts";

const maxAttempts = 5;

/**
 * Runs `work` in a transaction: in the one that `db` already is, else in one of its own, which is tried again when
 * PostgreSQL chose it as the victim of a deadlock.
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
      if (attempts === maxAttempts || !isRetriable(error)) throw error;
    }
  }
}

/** Whether it is a transaction, and not the database itself. */
export function isTransaction(db: Database | DatabaseTransaction): db is DatabaseTransaction {
  return db.isTransaction;
}
