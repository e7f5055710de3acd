import { type Kysely, sql } from "kysely";

/** What scores were before they were changed, and a count of each key's requests by the second. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table trace_score_revisions (
      project_id uuid not null,
      score_id uuid not null,
      revision integer not null,
      value text,
      status text not null,
      source text not null,
      author_user_id text,
      reason text,
      metadata json not null,
      set_at timestamptz not null,
      replaced_at timestamptz not null,
      primary key (project_id, score_id, revision),
      foreign key (project_id, score_id) references trace_scores on delete cascade
    );

    create unlogged table request_counts (
      api_key_id uuid primary key,
      second bigint not null,
      counts integer[] not null
    );
    comment on table request_counts is
      'Requests of a key by the second, newest first, the first of them in "second". Unlogged, for a minute''s counts are not worth a wait for the disk: a crash of PostgreSQL forgets them.';
  `.execute(db);
}
