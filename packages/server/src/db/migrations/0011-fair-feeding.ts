import { type Kysely, sql } from "kysely";

/**
 * What the dispatcher needs for fair queueing: `fed_turn` and `turn` are virtual start times. An older server goes on
 * beside it, and its jobs go first.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table eval_runs
      add column fed_turn bigint not null default 0,
      add column feed_again_at integer not null default 0;
    comment on column eval_runs.fed_turn is 'The turn of the last target that was handed to the queue.';
    comment on column eval_runs.feed_again_at is 'How many targets have to have ended before the next ones are handed to the queue.';
    create index eval_runs_open on eval_runs (project_id) where status in ('PENDING', 'RUNNING');

    alter table workers add column places integer not null default 32;
    comment on column workers.places is 'How many jobs of one project it takes at once.';

    create table feeding_clock (
      only_one boolean primary key default true check (only_one),
      turn bigint not null
    );
    comment on table feeding_clock is 'The turn that has come, as far as feeders have told: new runs begin after it.';
    insert into feeding_clock (turn) values (0);
  `.execute(db);
}
