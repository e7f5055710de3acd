import { type Kysely, sql } from "kysely";

/** What orders a trace's spans to the nanosecond, and what the spans of OpenTelemetry said about their trace so far. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table spans add column started_ns integer not null default 0;
    comment on column spans.started_ns is 'The nanoseconds of its start that started_at, which has milliseconds, leaves out.';
    alter table traces add column summary json;
    comment on column traces.summary is 'Which spans decide its fields; null if it did not come from OpenTelemetry.';
  `.execute(db);
}
