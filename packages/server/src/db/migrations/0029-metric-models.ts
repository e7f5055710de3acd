import { type Kysely, sql } from "kysely";

/** Metrics that name a judge of their own. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table eval_run_metrics add column model text;
    comment on column eval_run_metrics.model is 'The judge, as provider/model, if it is another one than the run''s.';
  `.execute(db);
}
