import { type Kysely, sql } from "kysely";

/** What runs may cost. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table eval_runs add column max_cost_usd numeric;
    alter table monitors add column max_cost_usd numeric;

    create table eval_run_budgets (
      project_id uuid not null,
      run_id uuid not null,
      max_usd numeric not null,
      -- By calls that have ended.
      spent_usd numeric not null default 0,
      -- For calls under way.
      reserved_usd numeric not null default 0,
      primary key (project_id, run_id),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );
    comment on table eval_run_budgets is 'Of the runs that have a max_cost_usd. A row of its own, so that calls do not wait for who locks the run.';
  `.execute(db);
}
