import { type Kysely, sql } from "kysely";

/** How large a span is, so that a trace can be kept to a size, and read a few spans at a time. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table spans add column bytes integer;
    comment on column spans.bytes is 'The size of its texts and JSON; null where an older server wrote it last.';
  `.execute(db);
}
