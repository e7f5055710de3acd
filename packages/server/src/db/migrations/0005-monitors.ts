import { type Kysely, sql } from "kysely";

/**
 * Monitors, and what tells whether a trace has come or changed since a monitor last looked: the transaction that last
 * wrote it. A time would not do: who begins first may commit last.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table monitors (
      project_id uuid not null references projects on delete cascade,
      id uuid not null,
      name text not null,
      target_type text not null,
      metric_names text[] not null,
      filters json not null,
      sampling_rate double precision not null,
      model text,
      cadence text not null,
      timezone text not null,
      only_if_changed boolean not null,
      status text not null,
      last_run_at timestamptz,
      last_run_id uuid,
      next_run_at timestamptz,
      seen pg_snapshot,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (project_id, id),
      foreign key (project_id, last_run_id) references eval_runs on delete set null (last_run_id)
    );
    comment on column monitors.seen is 'What had been committed when it last looked; null: everything is new to it.';
    create index monitors_newest on monitors (project_id, created_at desc, id desc);
    create index monitors_due on monitors (next_run_at, project_id, id) where next_run_at is not null;

    alter table eval_runs
      add foreign key (project_id, monitor_id) references monitors on delete set null (monitor_id);
    create index eval_runs_of_monitor on eval_runs (project_id, monitor_id, created_at desc, id desc)
      where monitor_id is not null;

    alter table traces add column changed_xid xid8 not null default pg_current_xact_id();
    create function note_trace_change() returns trigger language plpgsql as $$
      begin
        new.changed_xid := pg_current_xact_id();
        return new;
      end $$;
    create trigger traces_note_change before update on traces
      for each row execute function note_trace_change();
    create index traces_by_change on traces (project_id, changed_xid);
  `.execute(db);
}
