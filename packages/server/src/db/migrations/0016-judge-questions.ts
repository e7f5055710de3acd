import { type Kysely, sql } from "kysely";

/** Links questions to traces, so that deleting a trace erases everything made from its text. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table judge_questions (
      project_id uuid not null,
      trace_id uuid not null,
      -- As in judge_answers. There may be no answer.
      key bytea not null,
      -- To the day.
      asked_at timestamptz not null default now_ms(),
      primary key (project_id, trace_id, key),
      foreign key (project_id, trace_id) references traces on delete cascade
    );
    comment on table judge_questions is
      'Which traces each question is about. An answer is kept for as long as one of its traces is.';
    create index judge_questions_by_key on judge_questions (project_id, key, trace_id);
    create index judge_questions_oldest on judge_questions (asked_at);

    -- An older server does not say which traces its questions are about.
    alter table judge_answers add column is_linked boolean not null default false;
    create index judge_answers_unlinked on judge_answers (project_id, key) where not is_linked;
    alter table judge_calls add column is_linked boolean not null default false;
    create index judge_calls_unlinked on judge_calls (project_id) where error is not null and not is_linked;
    -- Without a list of pending entries, which each look would read as a whole.
    create index judge_calls_failed on judge_calls using gin (keys) with (fastupdate = off) where error is not null;

    create index eval_runs_quoting on eval_runs (created_at) where error_message like '%“%';
    -- Scores: the only replies with text of a trace that are stored.
    create index idempotency_keys_by_trace on idempotency_keys (project_id, (body ->> 'trace_id')) where status = 201;
  `.execute(db);
}
