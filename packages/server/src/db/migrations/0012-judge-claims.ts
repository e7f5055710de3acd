import { type Kysely, sql } from "kysely";

/** Which questions are being asked right now, so that no two processes pay for the same one. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    -- Unlogged: after a crash nothing is in flight, and an empty table is right.
    create unlogged table judge_claims (
      project_id uuid not null,
      key bytea not null,
      call_id uuid not null,
      process_id uuid not null,
      -- When its call has lost its process.
      expires_at timestamptz not null,
      primary key (project_id, key)
    );
    comment on table judge_claims is 'A call in flight claims the questions that it asks; a process that finds one claimed waits for the answer.';

    -- Of the process that a worker runs in: what it claimed is free once the worker is presumed dead.
    alter table workers add column process_id uuid;
  `.execute(db);
}
