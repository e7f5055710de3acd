import { type RawBuilder, sql } from "kysely";
import type { Database } from "./database.ts";

/** Rows deleted in one transaction. Other transactions may have to wait for it. */
const batchSize = 1000;

/** Which rows to delete. */
export interface OldRows {
  readonly table: RawBuilder<unknown>;
  /** The columns of its primary key. */
  readonly key: RawBuilder<unknown>;
  readonly isOld: RawBuilder<unknown>;
}

/** Deletes rows batch by batch until none is left or `stop` aborts. Any number of processes may do this at once. */
export async function deleteInBatches(
  db: Database,
  { table, key, isOld }: OldRows,
  stop: AbortSignal,
): Promise<void> {
  const deletion = sql`
    delete from ${table} where (${key}) in (
      select ${key} from ${table} where ${isOld} limit ${batchSize} for update skip locked)`;
  let deleted = batchSize;
  while (deleted === batchSize && !stop.aborted) {
    const { numAffectedRows = 0n } = await deletion.execute(db);
    deleted = Number(numAffectedRows);
  }
}
