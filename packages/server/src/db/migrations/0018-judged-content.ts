import { type Kysely, sql } from "kysely";

/**
 * Tells whether a trace changed after it was judged, and which scores are people's words.
 *
 * `traces.content_hash` is an XOR of hashes, so that a writer can take out what a span was and put in what it is. A trigger
 * keeps the trace's own part; the server adds the part of the spans it writes. Traces that exist start at 0: only changes
 * of the hash mean anything. No table is rewritten.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table traces add content_hash bigint not null default 0;
    comment on column traces.content_hash is
      'Changes with what a judge reads: status, input, output, declared tools, and spans.';

    create function trace_content(status text, input json, output json, metadata json) returns bigint
      language sql immutable parallel safe
      return hashtextextended(status, 1) # hashtextextended(input::text, 2) # hashtextextended(output::text, 3)
        # case when metadata::text like any (array['%tools"%', '%functions"%']) then hashtextextended(concat_ws(chr(10),
          coalesce((metadata -> 'tools')::text, 'null'), coalesce((metadata -> 'available_tools')::text, 'null'),
          coalesce((metadata -> 'functions')::text, 'null')), 4)
        else hashtextextended(concat_ws(chr(10), 'null', 'null', 'null'), 4) end;

    create function note_trace_content() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' then
        new.content_hash := new.content_hash # trace_content(old.status, old.input, old.output, old.metadata);
      end if;
      new.content_hash := new.content_hash # trace_content(new.status, new.input, new.output, new.metadata);
      return new;
    end $$;
    create trigger traces_note_content before insert or update of status, input, output, metadata on traces
      for each row execute function note_trace_content();

    create function session_content(of_project uuid, of_session text) returns bigint language sql stable parallel safe
      return (
        select bit_xor(hashtextextended(trace_id::text, content_hash)) from traces
        where project_id = of_project and session_id = of_session
      );
    comment on function session_content(uuid, text) is
      'Changes when a trace of the session changes, comes or goes; null for a session without traces.';

    alter table trace_scores add content_hash bigint, add corrected boolean not null default false;
    alter table session_scores add content_hash bigint, add corrected boolean not null default false, add judged json;
    comment on column trace_scores.content_hash is 'Of the trace, when it was judged; null: unknown.';
    comment on column session_scores.content_hash is 'The session_content when it was judged; null: unknown.';
    comment on column trace_scores.corrected is 'Whether a person has changed its value.';
    comment on column session_scores.judged is 'What the judge had said of a score that a person has changed.';

    update trace_scores score set corrected = true
    from trace_score_revisions before
    where score.project_id = before.project_id and score.id = before.score_id
      and score.value is distinct from before.value;

    create index trace_scores_of_people on trace_scores (project_id, trace_id, name) where source = 'ANNOTATION';
    create index session_scores_of_people on session_scores (project_id, session_id, name) where source = 'ANNOTATION';
  `.execute(db);
}
