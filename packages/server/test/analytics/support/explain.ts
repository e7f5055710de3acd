import { Kysely, PostgresDialect } from "kysely";
import type { Pool } from "pg";
import type { Database } from "../../../src/db/database.ts";
import type { Schema } from "../../../src/db/schema.ts";

/** The lines of PostgreSQL's plans for the statements that `work` runs. */
export async function explain(pool: Pool, work: (db: Database) => Promise<unknown>): Promise<string[]> {
  const statements: { sql: string; parameters: readonly unknown[] }[] = [];
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void statements.push(query),
  });
  await work(db);
  const plans: string[] = [];
  for (const { sql, parameters } of statements) {
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(
      `explain (analyze, costs off, timing off, summary off, buffers off) ${sql}`,
      [...parameters],
    );
    plans.push(...rows.map((row) => row["QUERY PLAN"]));
  }
  return plans;
}
