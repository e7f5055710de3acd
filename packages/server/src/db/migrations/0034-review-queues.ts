import { type Kysely, sql } from "kysely";

/** Traces and sessions for people to score. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table review_queues (
      project_id uuid not null references projects on delete cascade,
      id uuid not null,
      name text not null,
      target_type text not null,
      metrics json not null,
      filters json not null,
      run_id uuid,
      item_order text not null,
      seed bigint not null,
      reviewers_per_item integer not null,
      blind boolean not null,
      claim_seconds integer not null,
      closed_at timestamptz,
      created_at timestamptz not null default now_ms(),
      updated_at timestamptz not null default now_ms(),
      primary key (project_id, id),
      foreign key (project_id, run_id) references eval_runs on delete set null (run_id)
    );
    create index review_queues_newest on review_queues (project_id, created_at desc, id desc);
    create index review_queues_of_run on review_queues (project_id, run_id) where run_id is not null;

    create table review_items (
      project_id uuid not null,
      queue_id uuid not null,
      id uuid not null,
      position integer not null,
      trace_id uuid,
      session_id text,
      primary key (project_id, queue_id, id),
      unique (project_id, queue_id, position),
      foreign key (project_id, queue_id) references review_queues on delete cascade,
      foreign key (project_id, trace_id) references traces on delete cascade,
      check (num_nonnulls(trace_id, session_id) = 1)
    );
    create index review_items_of_trace on review_items (project_id, trace_id) where trace_id is not null;
    create index review_items_of_session on review_items (project_id, session_id) where session_id is not null;

    create table reviews (
      project_id uuid not null,
      queue_id uuid not null,
      item_id uuid not null,
      reviewer text not null,
      status text not null,
      claimed_until timestamptz,
      ended_at timestamptz,
      reason text,
      score_ids uuid[] not null default '{}',
      primary key (project_id, queue_id, item_id, reviewer),
      foreign key (project_id, queue_id, item_id) references review_items on delete cascade
    );
    comment on table reviews is 'What people do with items of review queues: CLAIMED until a time, COMPLETED or SKIPPED.';
  `.execute(db);
}
