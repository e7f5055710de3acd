import { type Kysely, sql } from "kysely";

/**
 * Makes analytics of scores fast and keeps them exact: see `docs/analytics.md`.
 *
 * Triggers record each change of a score in `score_deltas`, in the same transaction. Rows are only ever added there, so no
 * writer waits for another. `fold_score_deltas` moves them into the rollups. Readers add up both.
 *
 * None of the three tables references its project: deleting a project deletes its scores, which is recorded as a change,
 * and folding that leaves nothing. Writers wait until the existing rows are counted; an older server may go on afterwards.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    lock table trace_scores, session_scores in share row exclusive mode;

    create index trace_scores_by_name on trace_scores (project_id, name, created_at desc)
      include (data_type, status, value);
    create index session_scores_by_name on session_scores (project_id, name, created_at desc)
      include (data_type, status, value);
    create index session_scores_compared on session_scores (project_id, name, session_id, created_at desc, id desc)
      include (value, eval_run_id) where data_type = 'NUMERIC' and status = 'SUCCESS';

    create function score_number(data_type text, status text, value text) returns numeric
      language sql immutable parallel safe
      return case when data_type = 'NUMERIC' and status = 'SUCCESS' then coalesce(value::numeric, 'NaN') else 'NaN' end;
    comment on function score_number is 'The decimal that statistics count, as it was written; NaN for a score that they leave out.';

    create table score_deltas (
      project_id uuid not null,
      id bigint generated always as identity,
      target_type text not null,
      name text not null,
      hour timestamptz not null,
      value numeric not null,
      scores integer not null,
      successes integer not null,
      failures integer not null,
      primary key (project_id, id)
    );
    comment on table score_deltas is 'Changes of scores that are not in the rollups yet; target_type is TRACE or SESSION, value a score_number.';

    create table score_days (
      project_id uuid not null,
      target_type text not null,
      name text not null,
      day date not null,
      value numeric not null,
      scores integer not null,
      successes integer not null,
      failures integer not null,
      primary key (project_id, target_type, name, day, value)
    ) with (fillfactor = 80);
    comment on table score_days is 'How many scores of a name had which value on a day (UTC).';

    create table score_hours (
      project_id uuid not null,
      target_type text not null,
      name text not null,
      hour timestamptz not null,
      scores integer not null,
      total numeric not null,
      primary key (project_id, target_type, name, hour)
    ) with (fillfactor = 80);
    comment on table score_hours is 'How many scores of a name had a number in an hour, and their sum.';

    create function note_score_changes() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into score_deltas (project_id, target_type, name, hour, value, scores, successes, failures)
        select project_id, tg_argv[0], name, date_trunc('hour', created_at, 'UTC'), score_number(data_type, status, value),
          count(*), count(*) filter (where status = 'SUCCESS'), count(*) filter (where status = 'FAILED')
        from added group by 1, 3, 4, 5;
      elsif tg_op = 'DELETE' then
        insert into score_deltas (project_id, target_type, name, hour, value, scores, successes, failures)
        select project_id, tg_argv[0], name, date_trunc('hour', created_at, 'UTC'), score_number(data_type, status, value),
          -count(*), -count(*) filter (where status = 'SUCCESS'), -count(*) filter (where status = 'FAILED')
        from removed group by 1, 3, 4, 5;
      else
        insert into score_deltas (project_id, target_type, name, hour, value, scores, successes, failures)
        select project_id, tg_argv[0], name, date_trunc('hour', created_at, 'UTC'), score_number(data_type, status, value),
          sum(change), coalesce(sum(change) filter (where status = 'SUCCESS'), 0),
          coalesce(sum(change) filter (where status = 'FAILED'), 0)
        from (
          select project_id, name, created_at, data_type, status, value, 1 as change from added
          union all
          select project_id, name, created_at, data_type, status, value, -1 from removed
        ) changed
        group by 1, 3, 4, 5
        having sum(change) <> 0 or sum(change) filter (where status = 'SUCCESS') <> 0
          or sum(change) filter (where status = 'FAILED') <> 0;
      end if;
      return null;
    end $$;

    create function forget_score_rollups() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(7263544022);
      delete from score_deltas where target_type = tg_argv[0];
      delete from score_days where target_type = tg_argv[0];
      delete from score_hours where target_type = tg_argv[0];
      return null;
    end $$;

    create function fold_score_deltas(at_most integer) returns integer language plpgsql as $$
    declare
      batch tid[];
    begin
      -- One at a time: the rows of the rollups have no other writer, so that nobody waits and nothing deadlocks.
      if not pg_try_advisory_xact_lock(7263544022) then
        return 0;
      end if;
      -- Deltas never change and nobody else removes them: their places hold until the end.
      batch := array(select ctid from score_deltas limit at_most);
      merge into score_days known
      using (
        select project_id, target_type, name, (hour at time zone 'UTC')::date as day, trim_scale(value) as value,
          sum(scores)::integer as scores, sum(successes)::integer as successes, sum(failures)::integer as failures
        from score_deltas where ctid = any(batch) group by 1, 2, 3, 4, 5
      ) delta
      on known.project_id = delta.project_id and known.target_type = delta.target_type and known.name = delta.name
        and known.day = delta.day and known.value = delta.value
      when matched and known.scores + delta.scores = 0 and known.successes + delta.successes = 0
        and known.failures + delta.failures = 0 then delete
      when matched then update set scores = known.scores + delta.scores,
        successes = known.successes + delta.successes, failures = known.failures + delta.failures
      when not matched and (delta.scores <> 0 or delta.successes <> 0 or delta.failures <> 0) then
        insert values (project_id, target_type, name, day, value, scores, successes, failures);
      merge into score_hours known
      using (
        select project_id, target_type, name, hour, sum(scores)::integer as scores, sum(value * scores) as total
        from score_deltas where ctid = any(batch) and value <> 'NaN' group by 1, 2, 3, 4
      ) delta
      on known.project_id = delta.project_id and known.target_type = delta.target_type and known.name = delta.name
        and known.hour = delta.hour
      when matched and known.scores + delta.scores = 0 and known.total + delta.total = 0 then delete
      when matched then update set scores = known.scores + delta.scores, total = trim_scale(known.total + delta.total)
      when not matched and (delta.scores <> 0 or delta.total <> 0) then
        insert values (project_id, target_type, name, hour, scores, trim_scale(total));
      delete from score_deltas where ctid = any(batch);
      return cardinality(batch);
    end $$;
    comment on function fold_score_deltas is 'Moves that many deltas into the rollups at most; returns how many it moved, 0 while another session folds.';
  `.execute(db);
  for (const [table, target] of [
    ["trace_scores", "TRACE"],
    ["session_scores", "SESSION"],
  ] as const) {
    await follow(db, table, target);
  }
}

/** Has the changes of a table noted from now on, and counts what it holds. */
async function follow(db: Kysely<never>, table: string, target: string): Promise<void> {
  await sql`
    create trigger note_added_scores after insert on ${sql.table(table)} referencing new table as added
      for each statement execute function note_score_changes(${sql.lit(target)});
    create trigger note_changed_scores after update on ${sql.table(table)}
      referencing old table as removed new table as added
      for each statement execute function note_score_changes(${sql.lit(target)});
    create trigger note_removed_scores after delete on ${sql.table(table)} referencing old table as removed
      for each statement execute function note_score_changes(${sql.lit(target)});
    create trigger note_truncated_scores after truncate on ${sql.table(table)}
      for each statement execute function forget_score_rollups(${sql.lit(target)});

    insert into score_days
    select project_id, ${sql.lit(target)}, name, (created_at at time zone 'UTC')::date,
      trim_scale(score_number(data_type, status, value)), count(*), count(*) filter (where status = 'SUCCESS'),
      count(*) filter (where status = 'FAILED')
    from ${sql.table(table)} group by 1, 3, 4, 5;
    insert into score_hours
    select project_id, ${sql.lit(target)}, name, date_trunc('hour', created_at, 'UTC'), count(*),
      trim_scale(sum(value::numeric))
    from ${sql.table(table)}
    where score_number(data_type, status, value) <> 'NaN' group by 1, 3, 4;
  `.execute(db);
}
