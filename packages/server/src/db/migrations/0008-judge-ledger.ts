import { type Kysely, sql } from "kysely";

/** Every call to a model, what it answered, and what runs have spent. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table eval_runs
      add column fresh boolean not null default false,
      add column max_cost_usd numeric;

    create table judge_calls (
      project_id uuid not null references projects on delete cascade,
      id uuid not null,
      run_id uuid,
      kind text not null,
      model text not null,
      settings json not null,
      keys bytea[] not null,
      attempt integer not null,
      status text not null default 'PENDING',
      reserved_usd numeric,
      cost_usd numeric,
      input_tokens bigint,
      output_tokens bigint,
      latency_ms integer,
      error text,
      created_at timestamptz not null default now_ms(),
      ended_at timestamptz,
      primary key (project_id, id),
      foreign key (project_id, run_id) references eval_runs on delete set null (run_id)
    );
    create index judge_calls_of_run on judge_calls (project_id, run_id) where run_id is not null;
    create index judge_calls_oldest on judge_calls (created_at);

    create table judge_answers (
      project_id uuid not null references projects on delete cascade,
      key bytea not null,
      call_id uuid not null,
      answer json not null,
      created_at timestamptz not null default now_ms(),
      primary key (project_id, key)
    );
    create index judge_answers_oldest on judge_answers (created_at);

    create table eval_run_usage (
      project_id uuid not null,
      run_id uuid not null,
      stripe smallint not null,
      calls integer not null default 0,
      cached_calls integer not null default 0,
      input_tokens bigint not null default 0,
      output_tokens bigint not null default 0,
      cost_usd numeric not null default 0,
      unpriced_calls integer not null default 0,
      primary key (project_id, run_id, stripe),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );
    comment on column eval_run_usage.stripe is 'Several rows for each run, so that calls which end at the same time do not wait for each other.';

    create table eval_run_budgets (
      project_id uuid not null,
      run_id uuid not null,
      max_usd numeric not null,
      committed_usd numeric not null default 0,
      primary key (project_id, run_id),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );
    comment on column eval_run_budgets.committed_usd is 'Spent, and reserved for calls that have not ended.';
  `.execute(db);
}
