import { type Kysely, sql } from "kysely";

/** Every table that grows has its project first in its primary key and its foreign keys, so that it can be spread by project. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create function now_ms() returns timestamptz language sql volatile
      return date_trunc('milliseconds', clock_timestamp());
    comment on function now_ms() is 'Now, cut to what the API shows, so that what is compared is what was shown.';

    create table organizations (
      id uuid primary key,
      name text not null unique,
      created_at timestamptz not null default now_ms()
    );

    create table api_keys (
      organization_id uuid not null references organizations on delete cascade,
      id uuid not null,
      name text not null,
      key_hash bytea not null unique,
      hint text not null,
      created_at timestamptz not null default now_ms(),
      expires_at timestamptz,
      revoked_at timestamptz,
      primary key (organization_id, id)
    );

    create table projects (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      name text not null,
      created_at timestamptz not null default now_ms(),
      unique (organization_id, name)
    );

    create table traces (
      project_id uuid not null references projects on delete cascade,
      trace_id uuid not null,
      name text not null,
      status text not null,
      input json not null,
      output json not null,
      metadata json not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      session_id text,
      user_id text,
      tags text[] not null,
      environment text,
      release text,
      created_at timestamptz not null default now_ms(),
      updated_at timestamptz not null default now_ms(),
      primary key (project_id, trace_id)
    );
    create index traces_by_start on traces (project_id, started_at desc, trace_id desc);
    create index traces_by_session on traces (project_id, session_id, started_at, trace_id) where session_id is not null;
    create index traces_by_user on traces (project_id, user_id, started_at desc) where user_id is not null;

    create table spans (
      project_id uuid not null,
      trace_id uuid not null,
      span_id uuid not null,
      seq bigint generated always as identity,
      parent_span_id uuid,
      name text not null,
      kind text not null,
      status text not null,
      input json not null,
      output json not null,
      model text,
      token_usage json not null,
      metadata json not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      error text,
      completion_start_time timestamptz,
      model_parameters json not null,
      cost json not null,
      total_tokens bigint not null,
      total_cost double precision not null,
      primary key (project_id, trace_id, span_id),
      foreign key (project_id, trace_id) references traces on delete cascade
    );

    create table eval_runs (
      project_id uuid not null references projects on delete cascade,
      id uuid not null,
      target_type text not null,
      name text,
      status text not null,
      metric_names text[] not null,
      filters json not null,
      sampling_rate double precision not null,
      model text,
      thresholds json not null,
      monitor_id uuid,
      total_targets integer not null,
      evaluated_count integer not null default 0,
      failed_count integer not null default 0,
      fed_count integer not null default 0,
      error_message text,
      created_at timestamptz not null default now_ms(),
      completed_at timestamptz,
      primary key (project_id, id)
    );
    create index eval_runs_newest on eval_runs (project_id, target_type, created_at desc, id desc);

    create table eval_run_targets (
      project_id uuid not null,
      run_id uuid not null,
      position integer not null,
      target_id text not null,
      metric_names text[],
      ended_metrics text[] not null default '{}',
      primary key (project_id, run_id, position),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );

    create table trace_scores (
      project_id uuid not null,
      id uuid not null,
      trace_id uuid not null,
      name text not null,
      data_type text not null,
      value text,
      numeric_value double precision,
      source text not null,
      status text not null,
      eval_run_id uuid,
      author_user_id text,
      reason text,
      environment text,
      config_id text,
      metadata json not null,
      created_at timestamptz not null default now_ms(),
      updated_at timestamptz not null default now_ms(),
      primary key (project_id, id),
      foreign key (project_id, trace_id) references traces on delete cascade,
      foreign key (project_id, eval_run_id) references eval_runs on delete set null (eval_run_id)
    );
    create unique index trace_scores_once_per_run on trace_scores (project_id, eval_run_id, trace_id, name)
      where eval_run_id is not null;
    create index trace_scores_of_trace on trace_scores (project_id, trace_id, name, created_at desc, id desc);
    create index trace_scores_newest on trace_scores (project_id, created_at desc, id desc);

    create table workers (
      id text primary key,
      pid integer not null,
      hostname text not null,
      seen_at timestamptz not null
    );

    create table rate_limits (
      api_key_id uuid not null,
      route text not null,
      hits timestamptz[] not null,
      primary key (api_key_id, route)
    );

    create table idempotency_keys (
      project_id uuid not null references projects on delete cascade,
      key text not null,
      request_hash bytea not null,
      status integer,
      body json,
      created_at timestamptz not null default now_ms(),
      primary key (project_id, key)
    );
    create index idempotency_keys_oldest on idempotency_keys (created_at);
  `.execute(db);
}
