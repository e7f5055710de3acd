import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "./database.ts";

/** What time it is, to the millisecond. Tests put a simulated one in the place of {@link databaseClock}. */
export type Clock = (db: Database | DatabaseTransaction) => Promise<Date>;

/** The database's clock, which all processes share. */
export const databaseClock: Clock = async (db) => {
  const { rows } = await sql<{ now: string }>`select now_ms() as now`.execute(db);
  return new Date(rows[0]?.now ?? Number.NaN);
};
