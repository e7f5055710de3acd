import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { isMigrated } from "../db/migrate.ts";

/** Whether requests can be served: the database answers and is migrated, and the server is not stopping. */
export function readiness(db: Database, draining: AbortSignal): () => Promise<boolean> {
  let wasMigrated = false;
  return async () => {
    if (draining.aborted) return false;
    try {
      wasMigrated ||= await isMigrated(db);
      await sql`select 1`.execute(db);
      return wasMigrated;
    } catch {
      return false;
    }
  };
}
