import { type Kysely, sql } from "kysely";

/** What a model call cost by its tokens, where its sender gave no cost. Existing rows have none. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table spans add column computed_cost double precision;
    comment on column spans.computed_cost is 'In USD, from model and tokens, if the sender gave no cost. total_cost holds it, too.';
  `.execute(db);
}
