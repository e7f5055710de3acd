import { type Kysely, sql } from "kysely";

/**
 * Usage of projects, counted as it changes: triggers insert into `project_usage_deltas` in the same transaction, so writers
 * do not wait for each other. The worker folds these rows into totals, and readers add up both.
 *
 * The tables have no foreign key to the project, since erasing one deletes traces, which inserts deltas. Writers wait while
 * the existing rows are counted. An older row has no `content_bytes` and counts with its size on disk.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    lock table traces, spans, eval_runs, eval_run_usage in share row exclusive mode;

    create table project_usage_deltas (
      project_id uuid not null,
      id bigint generated always as identity,
      day date not null default (clock_timestamp() at time zone 'UTC')::date,
      traces bigint not null default 0,
      bytes bigint not null default 0,
      runs bigint not null default 0,
      usd numeric not null default 0,
      primary key (project_id, id)
    );
    comment on table project_usage_deltas is 'Changes that are not in project_totals and project_days yet.';

    create table project_totals (
      project_id uuid primary key,
      traces bigint not null,
      bytes bigint not null
    ) with (fillfactor = 50);
    comment on table project_totals is 'How many traces a project holds, and their bytes with their spans.';

    create table project_days (
      project_id uuid not null,
      day date not null,
      runs bigint not null,
      usd numeric not null,
      primary key (project_id, day)
    ) with (fillfactor = 50);
    comment on table project_days is 'How many runs a project made on a day (UTC), and what its judge calls cost.';

    alter table traces add column content_bytes bigint;
    alter table spans add column content_bytes bigint;

    create function measure_content() returns trigger language plpgsql as $$
    begin
      -- What is inserted stands in memory as it was sent. Of an update, a part may be compressed on disk.
      if tg_op = 'INSERT' then
        new.content_bytes := pg_column_size(new.input) + pg_column_size(new.output) + pg_column_size(new.metadata);
      else
        new.content_bytes := octet_length(new.input::text) + octet_length(new.output::text) + octet_length(new.metadata::text);
      end if;
      return new;
    end $$;
    create trigger traces_measure before insert or update of input, output, metadata on traces
      for each row execute function measure_content();
    create trigger spans_measure before insert or update of input, output, metadata on spans
      for each row execute function measure_content();

    create function note_content_changes() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into project_usage_deltas (project_id, traces, bytes)
        select project_id, case when tg_argv[0] = 'traces' then count(*) else 0 end, sum(content_bytes)
        from added group by 1;
      elsif tg_op = 'DELETE' then
        insert into project_usage_deltas (project_id, traces, bytes)
        select project_id, case when tg_argv[0] = 'traces' then -count(*) else 0 end,
          -sum(coalesce(content_bytes, pg_column_size(input) + pg_column_size(output) + pg_column_size(metadata)))
        from removed group by 1;
      else
        insert into project_usage_deltas (project_id, bytes)
        select project_id, sum(change)
        from (
          select project_id,
            coalesce(content_bytes, pg_column_size(input) + pg_column_size(output) + pg_column_size(metadata)) as change from added
          union all
          select project_id,
            -coalesce(content_bytes, pg_column_size(input) + pg_column_size(output) + pg_column_size(metadata)) from removed
        ) changed
        group by 1 having sum(change) <> 0;
      end if;
      return null;
    end $$;

    create function note_new_runs() returns trigger language plpgsql as $$
    begin
      insert into project_usage_deltas (project_id, runs) select project_id, count(*) from added group by 1;
      return null;
    end $$;
    create trigger note_new_runs after insert on eval_runs referencing new table as added
      for each statement execute function note_new_runs();

    create function note_spending() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into project_usage_deltas (project_id, usd)
        select project_id, sum(cost_usd) from added group by 1 having sum(cost_usd) <> 0;
      else
        insert into project_usage_deltas (project_id, usd)
        select project_id, sum(change)
        from (
          select project_id, cost_usd as change from added
          union all
          select project_id, -cost_usd from removed
        ) changed
        group by 1 having sum(change) <> 0;
      end if;
      return null;
    end $$;
    comment on function note_spending is 'Deleting a run gives nothing back: what was spent is spent.';
    create trigger note_first_spending after insert on eval_run_usage referencing new table as added
      for each statement execute function note_spending();
    create trigger note_more_spending after update on eval_run_usage
      referencing old table as removed new table as added
      for each statement execute function note_spending();
  `.execute(db);
  for (const table of ["traces", "spans"]) {
    await sql`
      create trigger note_added_content after insert on ${sql.table(table)} referencing new table as added
        for each statement execute function note_content_changes(${sql.lit(table)});
      create trigger note_changed_content after update on ${sql.table(table)}
        referencing old table as removed new table as added
        for each statement execute function note_content_changes(${sql.lit(table)});
      create trigger note_removed_content after delete on ${sql.table(table)} referencing old table as removed
        for each statement execute function note_content_changes(${sql.lit(table)});
    `.execute(db);
  }
  await sql`
    insert into project_totals
    select project_id, sum(traces), sum(bytes)
    from (
      select project_id, count(*) as traces,
        sum(pg_column_size(input) + pg_column_size(output) + pg_column_size(metadata)) as bytes
      from traces group by 1
      union all
      select project_id, 0, sum(pg_column_size(input) + pg_column_size(output) + pg_column_size(metadata))
      from spans group by 1
    ) content
    group by 1;

    insert into project_days
    select run.project_id, (now() at time zone 'UTC')::date, count(distinct run.id), coalesce(sum(used.cost_usd), 0)
    from eval_runs run left join eval_run_usage used on used.project_id = run.project_id and used.run_id = run.id
    where run.created_at >= date_trunc('day', now(), 'UTC')
    group by 1;
  `.execute(db);
}
