import { type Kysely, sql } from "kysely";

/** How often, and by which jury, runs are judged. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const table of ["eval_runs", "monitors"]) {
    await sql`
      alter table ${sql.table(table)}
        add column repeats integer not null default 1,
        add column judges text[],
        add column aggregate text`.execute(db);
  }
}
