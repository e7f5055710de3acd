import { sql } from "kysely";
import type { DatabaseTransaction } from "./database.ts";

/** Runs `work` in a savepoint. If it fails, its changes are undone and the transaction can continue. */
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
    // If the connection is lost this throws too, and the transaction fails.
    await sql`rollback to savepoint attempt`.execute(transaction);
    throw error;
  }
}
