import { type Kysely, sql } from "kysely";

/** Monitors wait for traces that are still being written, and find those that became quiet since they last looked. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table monitors add column seen_quiet timestamptz;
    comment on column monitors.seen_quiet is 'When it last looked, traces that had changed later were still being written.';
    create index traces_being_written on traces (project_id, updated_at)
      where status = 'RUNNING' and ended_at is null;
  `.execute(db);
}
