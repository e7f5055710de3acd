import { type Kysely, sql } from "kysely";

/** Scores of whole sessions. A session is a name that traces share, so nothing but its project can be referred to. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table session_scores (
      project_id uuid not null references projects on delete cascade,
      id uuid not null,
      session_id text not null,
      name text not null,
      data_type text not null,
      value text,
      numeric_value double precision,
      source text not null,
      status text not null,
      eval_run_id uuid,
      author_user_id text,
      reason text,
      metadata json not null,
      created_at timestamptz not null default now_ms(),
      updated_at timestamptz not null default now_ms(),
      primary key (project_id, id),
      foreign key (project_id, eval_run_id) references eval_runs on delete set null (eval_run_id)
    );
    create unique index session_scores_once_per_run on session_scores (project_id, eval_run_id, session_id, name)
      where eval_run_id is not null;
    create index session_scores_of_session on session_scores (project_id, session_id, created_at desc, id desc);
    create index session_scores_newest on session_scores (project_id, created_at desc, id desc);
  `.execute(db);
}
