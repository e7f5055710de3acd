import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { deleteInBatches, type OldRows } from "../../db/delete-in-batches.ts";
import { windowSeconds } from "./counted-request.ts";

/** How long an answer is replayed for its `Idempotency-Key`. */
export const answersKeptFor = sql`interval '24 hours'`;

/**
 * Purges stored answers that are no longer replayed and request counts that are no longer used, in batches. Any number of
 * processes may do this at once. Rows that a request is using are left alone.
 */
export async function purgeRequests(db: Database, stop: AbortSignal): Promise<void> {
  const minuteAgo = sql`clock_timestamp() - make_interval(secs => ${windowSeconds + 1})`;
  const old: readonly OldRows[] = [
    {
      table: sql`idempotency_keys`,
      key: sql`project_id, key`,
      isOld: sql`created_at < now() - ${answersKeptFor}`,
    },
    {
      table: sql`rate_limits`,
      key: sql`api_key_id, route`,
      isOld: sql`coalesce(hits[1], '-infinity') < ${minuteAgo}`,
    },
    {
      table: sql`request_counts`,
      key: sql`api_key_id`,
      isOld: sql`second < extract(epoch from ${minuteAgo})`,
    },
    {
      table: sql`project_days`,
      key: sql`project_id, day`,
      isOld: sql`day < current_date - 400`,
    },
  ];
  for (const rows of old) await deleteInBatches(db, rows, stop);
}
