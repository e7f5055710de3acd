import { type Kysely, sql } from "kysely";

/** The state of models, shared by all processes: limits and failures. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table judge_models (
      model text primary key,
      state json not null
    ) with (fillfactor = 50);
    comment on table judge_models is
      'One row for each model that is called, or provider with limits, of no project. Whoever changes a state locks its row.';

    alter table eval_runs add column embedding_model text;
  `.execute(db);
}
