import { type Kysely, sql } from "kysely";

/** Results of evaluations from OpenTelemetry. They may come before their trace, and again. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table otel_events (
      project_id uuid not null references projects on delete cascade,
      trace_id uuid not null,
      span_id uuid not null,
      name text not null,
      time_ns numeric(20) not null,
      score json,
      received_at timestamptz not null default now_ms(),
      primary key (project_id, trace_id, span_id, name, time_ns)
    );
    comment on table otel_events is 'Results of evaluations of the last 24 hours, so that each is stored once.';
    comment on column otel_events.score is 'Until its trace comes; then it is a row of trace_scores.';
    create index otel_events_waiting on otel_events (project_id, trace_id) where score is not null;
    create index otel_events_old on otel_events (received_at);
  `.execute(db);
}
