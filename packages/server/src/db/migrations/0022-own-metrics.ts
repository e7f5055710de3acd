import { type Kysely, sql } from "kysely";

/** Metrics that projects define themselves. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table metrics (
      project_id uuid not null references projects on delete cascade,
      name text not null,
      version integer not null,
      created_at timestamptz not null default now_ms(),
      deleted_at timestamptz,
      primary key (project_id, name)
    );
    comment on column metrics.deleted_at is
      'A deleted metric keeps its row, so that one of the same name continues the version numbers.';

    create table metric_versions (
      project_id uuid not null,
      name text not null,
      version integer not null,
      definition json not null,
      created_at timestamptz not null default now_ms(),
      primary key (project_id, name, version),
      foreign key (project_id, name) references metrics on delete cascade
    );

    alter table eval_runs add column metric_versions json not null default '{}';

    create table eval_run_metrics (
      project_id uuid not null,
      run_id uuid not null,
      name text not null,
      version integer not null,
      definition json not null,
      primary key (project_id, run_id, name),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );
    comment on table eval_run_metrics is
      'Copies of the definitions that runs began with: a run finishes with them, whatever happens to the metric.';
  `.execute(db);
}
