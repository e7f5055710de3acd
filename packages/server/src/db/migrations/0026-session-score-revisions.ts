import { type Kysely, sql } from "kysely";

/**
 * What session scores were before people changed them. What a judge had said is found there, so no column repeats it: no
 * server ever wrote `judged`.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table session_score_revisions (
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
      foreign key (project_id, score_id) references session_scores on delete cascade
    );
    alter table session_scores drop column judged;
  `.execute(db);
}
