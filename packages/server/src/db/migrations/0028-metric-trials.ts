import { type Kysely, sql } from "kysely";

/** Metrics that are being tried. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table metric_trials (
      project_id uuid not null references projects on delete cascade,
      -- The run_id of its judge calls.
      id uuid not null,
      max_usd numeric,
      expires_at timestamptz not null,
      primary key (project_id, id)
    );
    comment on table metric_trials is
      'Requests in progress that try a metric. max_usd is what they may spend of the project''s quota.';
  `.execute(db);
}
