import { type Kysely, sql } from "kysely";

/** Scopes of keys, the audit log, and projects that are being erased. An older server creates keys with the defaults. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table api_keys
      add column scopes text[] not null default '{ingest,read,evaluate}',
      add column projects text[],
      add column last_used_at timestamptz;
    comment on column api_keys.projects is 'The names of the projects that it opens; null: all of the organization.';

    alter table projects
      add column deleted_name text,
      add column monitor_runs timestamptz[] not null default '{}';
    comment on column projects.deleted_name is
      'What a project was called that is being erased; its name is then one that no request can name.';
    comment on column projects.monitor_runs is 'When its monitors made their latest runs, within a minute.';
    create index projects_to_erase on projects (id) where deleted_name is not null;

    create table audit_events (
      organization_id uuid not null references organizations on delete cascade,
      id uuid not null,
      at timestamptz not null default now_ms(),
      action text not null,
      project text,
      subject text,
      key_id uuid,
      request_id text,
      details json not null,
      primary key (organization_id, id)
    );
    create index audit_events_newest on audit_events (organization_id, at desc, id desc);
    create index audit_events_oldest on audit_events (at);
  `.execute(db);
}
