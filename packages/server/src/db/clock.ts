import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "./database.ts";

/** Returns the time, to the millisecond. Tests replace {@link databaseClock} by a simulated clock. */
export type Clock = (db: Database | DatabaseTransaction) => Promise<Date>;

/** The database's clock, which all processes share. */
export const databaseClock: Clock = async (db) => {
  const { rows } = await sql<{ now: string }>`select now_ms() as now`.execute(db);
  return new Date(rows[0]?.now ?? Number.NaN);
};
