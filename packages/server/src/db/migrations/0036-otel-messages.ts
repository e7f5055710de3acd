import { type Kysely, sql } from "kysely";

/**
 * Messages of model calls that OpenTelemetry sends as events of the log. They become input and output of their span, which
 * may come before or after them.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table otel_messages (
      project_id uuid not null references projects on delete cascade,
      trace_id uuid not null,
      span_id uuid not null,
      name text not null,
      time_ns numeric(20) not null,
      digest uuid not null,
      place integer not null,
      input text not null,
      output text not null,
      outputs integer not null,
      tools text,
      bytes bigint not null,
      waiting boolean not null default true,
      received_at timestamptz not null default now_ms(),
      primary key (project_id, trace_id, span_id, name, time_ns, digest)
    );
    comment on table otel_messages is 'Events of the last 24 hours, so that each is read once, and a span that comes again keeps its content.';
    comment on column otel_messages.digest is 'Of its content.';
    comment on column otel_messages.place is 'The order of events at the same time.';
    comment on column otel_messages.input is 'JSON values with commas between them, like output.';
    comment on column otel_messages.outputs is 'How many values output has.';
    comment on column otel_messages.waiting is 'Whether its span does not have its content yet.';
    create index otel_messages_waiting on otel_messages (project_id, trace_id, span_id) where waiting;
    create index otel_messages_old on otel_messages (received_at);

    alter table spans add ranks json;
    comment on column spans.ranks is
      'The sides that it lacks, with their ranks in the summary of its trace, should messages tell them; null: none.';

    create function note_message_bytes() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into project_usage_deltas (project_id, bytes) select project_id, sum(bytes) from added group by 1;
      else
        insert into project_usage_deltas (project_id, bytes) select project_id, -sum(bytes) from removed group by 1;
      end if;
      return null;
    end $$;
    create trigger note_added_messages after insert on otel_messages referencing new table as added
      for each statement execute function note_message_bytes();
    create trigger note_removed_messages after delete on otel_messages referencing old table as removed
      for each statement execute function note_message_bytes();
  `.execute(db);
}
