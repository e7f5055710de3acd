import { type Kysely, sql } from "kysely";

/**
 * Lets statistics leave out scores that had nothing to judge, and count the scores that passed their threshold.
 *
 * Both facts are in a score's metadata. Generated columns keep them true for every writer, older servers included. Adding them
 * rewrites the tables of scores and rebuilds the rollups. That locks both, for a few seconds per million scores.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    lock table trace_scores, session_scores in access exclusive mode;
    select pg_advisory_xact_lock(7263544022);

    create function score_number(data_type text, status text, value text, applicable boolean) returns numeric
      language sql immutable parallel safe
      return case when applicable then score_number(data_type, status, value) else 'NaN' end;
    comment on function score_number(text, text, text, boolean) is
      'The decimal that statistics count, as it was written; NaN for a score that they leave out.';

    alter table score_deltas add passes integer not null default 0, add graded integer not null default 0,
      add not_applicable integer not null default 0;
    alter table score_days add passes integer not null default 0, add graded integer not null default 0,
      add not_applicable integer not null default 0;
    comment on column score_days.graded is 'Applicable scores that have a threshold; passes are those of them that reach it.';

    create or replace function note_score_changes() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into score_deltas (project_id, target_type, name, hour, value, scores, successes, failures, passes, graded, not_applicable)
        select project_id, tg_argv[0], name, date_trunc('hour', created_at, 'UTC'),
          score_number(data_type, status, value, applicable), count(*), count(*) filter (where status = 'SUCCESS'),
          count(*) filter (where status = 'FAILED'), count(*) filter (where passed), count(passed),
          count(*) filter (where not applicable)
        from added group by 1, 3, 4, 5;
      elsif tg_op = 'DELETE' then
        insert into score_deltas (project_id, target_type, name, hour, value, scores, successes, failures, passes, graded, not_applicable)
        select project_id, tg_argv[0], name, date_trunc('hour', created_at, 'UTC'),
          score_number(data_type, status, value, applicable), -count(*), -count(*) filter (where status = 'SUCCESS'),
          -count(*) filter (where status = 'FAILED'), -count(*) filter (where passed), -count(passed),
          -count(*) filter (where not applicable)
        from removed group by 1, 3, 4, 5;
      else
        insert into score_deltas (project_id, target_type, name, hour, value, scores, successes, failures, passes, graded, not_applicable)
        select * from (
          select project_id, tg_argv[0], name, date_trunc('hour', created_at, 'UTC'),
            score_number(data_type, status, value, applicable), sum(change) as scores,
            coalesce(sum(change) filter (where status = 'SUCCESS'), 0) as successes,
            coalesce(sum(change) filter (where status = 'FAILED'), 0) as failures,
            coalesce(sum(change) filter (where passed), 0) as passes,
            coalesce(sum(change) filter (where passed is not null), 0) as graded,
            coalesce(sum(change) filter (where not applicable), 0) as not_applicable
          from (
            select project_id, name, created_at, data_type, status, value, applicable, passed, 1 as change from added
            union all
            select project_id, name, created_at, data_type, status, value, applicable, passed, -1 from removed
          ) changed
          group by 1, 3, 4, 5
        ) summed
        where (scores, successes, failures, passes, graded, not_applicable) <> (0, 0, 0, 0, 0, 0);
      end if;
      return null;
    end $$;

    create or replace function fold_score_deltas(at_most integer) returns integer language plpgsql as $$
    declare
      batch tid[];
    begin
      -- One session at a time, so the rollups have one writer: nothing waits and nothing deadlocks.
      if not pg_try_advisory_xact_lock(7263544022) then
        return 0;
      end if;
      -- Only this function removes deltas, and they never change, so their row addresses hold until the end.
      batch := array(select ctid from score_deltas limit at_most);
      merge into score_days known
      using (
        select project_id, target_type, name, (hour at time zone 'UTC')::date as day, trim_scale(value) as value,
          sum(scores)::integer as scores, sum(successes)::integer as successes, sum(failures)::integer as failures,
          sum(passes)::integer as passes, sum(graded)::integer as graded, sum(not_applicable)::integer as not_applicable
        from score_deltas where ctid = any(batch) group by 1, 2, 3, 4, 5
      ) delta
      on known.project_id = delta.project_id and known.target_type = delta.target_type and known.name = delta.name
        and known.day = delta.day and known.value = delta.value
      when matched and (known.scores + delta.scores, known.successes + delta.successes, known.failures + delta.failures,
        known.passes + delta.passes, known.graded + delta.graded, known.not_applicable + delta.not_applicable)
        = (0, 0, 0, 0, 0, 0) then delete
      when matched then update set scores = known.scores + delta.scores,
        successes = known.successes + delta.successes, failures = known.failures + delta.failures,
        passes = known.passes + delta.passes, graded = known.graded + delta.graded,
        not_applicable = known.not_applicable + delta.not_applicable
      when not matched and (delta.scores, delta.successes, delta.failures, delta.passes, delta.graded, delta.not_applicable)
        <> (0, 0, 0, 0, 0, 0) then
        insert (project_id, target_type, name, day, value, scores, successes, failures, passes, graded, not_applicable)
        values (delta.project_id, delta.target_type, delta.name, delta.day, delta.value, delta.scores, delta.successes,
          delta.failures, delta.passes, delta.graded, delta.not_applicable);
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

    delete from score_deltas;
    delete from score_days;
    delete from score_hours;
  `.execute(db);
  for (const [table, target] of [
    ["trace_scores", "TRACE"],
    ["session_scores", "SESSION"],
  ] as const) {
    await count(db, table, target);
  }
  await sql`
    drop index trace_scores_by_name;
    create index trace_scores_by_name on trace_scores (project_id, name, created_at desc)
      include (data_type, status, value, applicable, passed);
    drop index session_scores_by_name;
    create index session_scores_by_name on session_scores (project_id, name, created_at desc)
      include (data_type, status, value, applicable, passed);
    drop index session_scores_compared;
    create index session_scores_compared on session_scores (project_id, name, session_id, created_at desc, id desc)
      include (value, eval_run_id) where data_type = 'NUMERIC' and status = 'SUCCESS' and applicable;
  `.execute(db);
}

/** Adds the columns to a table of scores, and counts what it holds. */
async function count(db: Kysely<never>, table: string, target: string): Promise<void> {
  await sql`
    alter table ${sql.table(table)}
      add applicable boolean not null generated always as ((metadata -> 'applicable')::text is distinct from 'false') stored,
      add passed boolean generated always as (
        case when status = 'SUCCESS' and (metadata -> 'applicable')::text is distinct from 'false' then
          case (metadata -> 'success')::text when 'true' then true when 'false' then false end
        end
      ) stored;
    comment on column ${sql.table(table)}.applicable is 'Whether there was something to judge.';
    comment on column ${sql.table(table)}.passed is
      'Whether the score reached its threshold; null without a threshold, or if it failed or is not applicable.';

    insert into score_days
      (project_id, target_type, name, day, value, scores, successes, failures, passes, graded, not_applicable)
    select project_id, ${sql.lit(target)}, name, (created_at at time zone 'UTC')::date,
      trim_scale(score_number(data_type, status, value, applicable)), count(*),
      count(*) filter (where status = 'SUCCESS'), count(*) filter (where status = 'FAILED'),
      count(*) filter (where passed), count(passed), count(*) filter (where not applicable)
    from ${sql.table(table)} group by 1, 3, 4, 5;
    insert into score_hours
    select project_id, ${sql.lit(target)}, name, date_trunc('hour', created_at, 'UTC'), count(*),
      trim_scale(sum(value::numeric))
    from ${sql.table(table)}
    where score_number(data_type, status, value, applicable) <> 'NaN' group by 1, 3, 4;
  `.execute(db);
}
