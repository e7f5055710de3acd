import { type Kysely, sql } from "kysely";

/** Scores of single spans, by people and programs. Spans are deleted with their trace only, and so are their scores. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table span_scores (
      project_id uuid not null,
      id uuid not null,
      trace_id uuid not null,
      span_id uuid not null,
      name text not null,
      data_type text not null,
      value text not null,
      source text not null,
      author_user_id text,
      reason text,
      metadata json not null,
      created_at timestamptz not null default now_ms(),
      updated_at timestamptz not null default now_ms(),
      primary key (project_id, id),
      foreign key (project_id, trace_id) references traces on delete cascade
    );
    create index span_scores_of_trace on span_scores (project_id, trace_id, created_at desc, id desc);
    create index span_scores_of_span on span_scores (project_id, span_id, created_at desc, id desc);
    create index span_scores_newest on span_scores (project_id, created_at desc, id desc);
  `.execute(db);
}
