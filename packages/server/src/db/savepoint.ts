import { sql } from "kysely";
import type { DatabaseTransaction } from "./database.ts";

/** Does some work of a transaction that may fail: what it did is then undone, and the transaction can go on. */
export async function inSavepoint<Result>(
  transaction: DatabaseTransaction,
  work: () => Promise<Result>,
): Promise<Result> {
  await sql`savepoint attempt`.execute(transaction);
  try {
    const result = await work();
    await sql`release savepoint attempt`.execute(transaction);
    return result;
  } catch (error) {
    // Where the connection is gone this fails as well, and so does the transaction.
    await sql`rollback to savepoint attempt`.execute(transaction);
    throw error;
  }
}
