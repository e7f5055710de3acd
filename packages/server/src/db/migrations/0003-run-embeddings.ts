import { type Kysely, sql } from "kysely";

/** What the texts of a run were embedded as, while it goes on. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table run_embeddings (
      project_id uuid not null,
      run_id uuid not null,
      text_hash bytea not null,
      vector bytea not null,
      primary key (project_id, run_id, text_hash),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );
    -- Floats do not compress; trying costs time.
    alter table run_embeddings alter column vector set storage external;
  `.execute(db);
}
