import { type Kysely, sql } from "kysely";

/** Every call to a model, what it answered, and what runs have spent. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    -- Answers are kept for the whole project, embeddings among them.
    drop table run_embeddings;
    alter table eval_runs add column fresh boolean not null default false;

    create table judge_calls (
      project_id uuid not null references projects on delete cascade,
      id uuid not null,
      -- Of a run that may be gone: its deletion shall not have to touch them, nor hold up calls.
      run_id uuid not null,
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
      primary key (project_id, id)
    );
    create index judge_calls_under_way on judge_calls (project_id, run_id) where status = 'PENDING';
    create index judge_calls_oldest on judge_calls (created_at);

    create table judge_answers (
      project_id uuid not null references projects on delete cascade,
      key bytea not null,
      call_id uuid not null,
      answer text,
      vector bytea,
      created_at timestamptz not null default now_ms(),
      primary key (project_id, key),
      check (num_nonnulls(answer, vector) = 1)
    );
    -- Floats do not compress; trying costs time.
    alter table judge_answers alter column vector set storage external;
    create index judge_answers_oldest on judge_answers (created_at);

    create table eval_run_usage (
      project_id uuid not null,
      run_id uuid not null,
      process_id uuid not null,
      calls integer not null default 0,
      cached_calls integer not null default 0,
      input_tokens bigint not null default 0,
      output_tokens bigint not null default 0,
      cost_usd numeric not null default 0,
      unpriced_calls integer not null default 0,
      primary key (project_id, run_id, process_id),
      foreign key (project_id, run_id) references eval_runs on delete cascade
    );
    comment on column eval_run_usage.process_id is 'Each process counts in a row of its own, so that none waits for another.';
  `.execute(db);
}
