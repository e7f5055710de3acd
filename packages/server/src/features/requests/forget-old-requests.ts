import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { answersKeptFor } from "./answers-kept-for.ts";
import { windowSeconds } from "./counted-request.ts";

/** What is deleted in one transaction: what others may have to wait for. */
const batchSize = 1000;

/**
 * Deletes answers that are no longer replayed, and counts that no longer count, a batch at a time. Any number of
 * processes may do it at once; whatever a request is about to use is left alone.
 */
export async function forgetOldRequests(db: Database, stop: AbortSignal): Promise<void> {
  const minuteAgo = sql`clock_timestamp() - make_interval(secs => ${windowSeconds + 1})`;
  const old: readonly RawBuilder<unknown>[] = [
    deletion(sql`idempotency_keys`, sql`project_id, key`, sql`created_at < now() - ${answersKeptFor}`),
    deletion(sql`rate_limits`, sql`api_key_id, route`, sql`coalesce(hits[1], '-infinity') < ${minuteAgo}`),
    deletion(sql`request_counts`, sql`api_key_id`, sql`second < extract(epoch from ${minuteAgo})`),
  ];
  for (const statement of old) {
    let deleted = batchSize;
    while (deleted === batchSize && !stop.aborted) {
      const { numAffectedRows = 0n } = await statement.execute(db);
      deleted = Number(numAffectedRows);
    }
  }
}

function deletion(table: RawBuilder<unknown>, key: RawBuilder<unknown>, isOld: RawBuilder<unknown>) {
  return sql`
    delete from ${table} where (${key}) in (
      select ${key} from ${table} where ${isOld} limit ${batchSize} for update skip locked)`;
}
