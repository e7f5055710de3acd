import { type Kysely, sql } from "kysely";

/** The size of spans, to limit traces and to read them a few spans at a time. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table spans add column bytes integer;
    comment on column spans.bytes is 'The size of its texts and JSON; null where an older server wrote it last.';
  `.execute(db);
}
