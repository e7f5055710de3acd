import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import { isJudgesLast, scoreNumber } from "../scores/judges-version.ts";
import { revisionsOf } from "../scores/score-rows.ts";
import { matchesFilters } from "../traces/trace-filters.ts";
import { type ReviewQueue, scorePlaces } from "./queue-rows.ts";

/** How many of the newest scores are read to order targets by the scores of judges. */
const mostScores = 100_000;

type Queue = Pick<
  ReviewQueue,
  "project_id" | "id" | "target_type" | "metrics" | "filters" | "run_id" | "item_order" | "seed"
>;

/** Stores the items of a new queue. @returns how many there are. */
export async function drawItems(db: DatabaseTransaction, queue: Queue, size: number): Promise<number> {
  const order = queue.item_order === "random" ? sql`` : sql`rank desc,`;
  const { numAffectedRows = 0n } = await sql`
    with candidate as materialized (${candidates(db, queue)}),
    chosen as materialized (
      select target_id,
        row_number() over (order by ${order} hashtextextended(target_id, ${queue.seed}), target_id) as place
      from (${queue.item_order === "random" ? sql`select target_id from candidate` : ranked(queue)}) ranked
      order by place limit ${size}
    ),
    locked as materialized (${lockedTargets(queue)})
    insert into review_items (project_id, queue_id, id, position, trace_id, session_id)
    select ${queue.project_id}, ${queue.id}, gen_random_uuid(), row_number() over (order by place) - 1,
      ${queue.target_type === "TRACE" ? sql`target_id::uuid, null` : sql`null::uuid, target_id`}
    from chosen join locked using (target_id)`.execute(db);
  return Number(numAffectedRows);
}

/** All targets from which the queue may be drawn. */
function candidates(db: DatabaseTransaction, queue: Queue): RawBuilder<unknown> {
  const { project_id, target_type, filters, run_id } = queue;
  const matching = db
    .selectFrom("traces")
    .where("project_id", "=", project_id)
    .where(matchesFilters(filters));
  if (run_id === null) {
    const ids =
      target_type === "TRACE"
        ? matching.select(sql<string>`trace_id::text`.as("target_id"))
        : matching
            .select(sql<string>`session_id`.as("target_id"))
            .where("session_id", "is not", null)
            .groupBy("session_id");
    return sql`${ids}`;
  }
  // One lookup per target, because without statistics a join may be planned as a nested loop over all traces.
  const isTarget =
    target_type === "TRACE"
      ? sql<SqlBool>`trace_id = target.target_id::uuid`
      : sql<SqlBool>`session_id = target.target_id`;
  return sql`
    select target.target_id from eval_run_targets target
    cross join lateral (${matching.select(sql.lit(1).as("one")).where(isTarget).limit(1)}) found
    where target.project_id = ${project_id} and target.run_id = ${run_id}`;
}

/** Candidates that judges scored, with a rank: the highest comes first. Grouping is never planned as a nested loop. */
function ranked(queue: Queue): RawBuilder<unknown> {
  return sql`
    select target_id, max(rank) as rank from (
      select target_id, null::float8 as rank, true as is_candidate from candidate
      union all
      select target_id, rank, false from (${ranks(queue)}) judged
    ) marked
    group by target_id having bool_or(is_candidate) and max(rank) is not null`;
}

function ranks({ project_id, target_type, metrics, item_order }: Queue): RawBuilder<unknown> {
  const { table, id } = scorePlaces[target_type];
  const names = metrics.map(({ name }) => name);
  const isNamed = sql`score.project_id = ${project_id} and score.name = any(${names}::text[])`;
  const newest = sql`order by score.created_at desc, score.id desc limit ${sql.lit(mostScores)}`;
  const kept = sql`score.${sql.ref(id)}::text as target_id, score.name, score.data_type, score.created_at, score.id`;
  // Uncorrected, even if a person has changed one since.
  const given = sql`
    (
      select ${kept}, score.source, score.status, score.value, score.applicable, score.metadata
      from ${sql.table(table)} score where ${isNamed} and score.source <> 'ANNOTATION' ${newest}
    )
    union all
    (
      select ${kept}, revision.source, revision.status, revision.value,
        coalesce(revision.metadata ->> 'applicable', '') <> 'false', revision.metadata
      from ${sql.table(table)} score
      join ${sql.table(revisionsOf[table])} revision
        on revision.project_id = score.project_id and revision.score_id = score.id
      where ${isNamed} and score.source = 'ANNOTATION' and ${isJudgesLast(table)} ${newest}
    )`;
  // Only numbers are sorted, because metadata may be large.
  const verdicts = sql`
    select distinct on (target_id, name, source, model) target_id, name, low, high, opinions, deviation, applicable
    from (
      select target_id, name, source, metadata ->> 'model' as model, opinion.*, applicable, created_at, id
      from (${given}) score
      cross join lateral (${item_order === "disagreement" ? opinions : judgement}) opinion
    ) said
    order by target_id, name, source, model, created_at desc, id desc`;
  const found = sql`from (${verdicts}) verdict where applicable and low is not null`;
  if (item_order === "disagreement") {
    return sql`
      select target_id, max(high) - min(low) as rank ${found} group by target_id, name having sum(opinions) > 1`;
  }
  const thresholds = JSON.stringify(metrics.map(({ name, threshold }) => ({ name, threshold })));
  return sql`
    select target_id, deviation - abs(low - metric.threshold) as rank
    from (select * ${found}) verdict
    join json_to_recordset(${thresholds}) as metric(name text, threshold float8) using (name)
    where metric.threshold is not null`;
}

/** The range of a judge's value, the votes behind it and its repeats. Only runs write those; programs may send anything. */
const opinions = sql`
  select min(value) as low, max(value) as high, count(value) as opinions, 0::float8 as deviation
  from (
    select ${scoreNumber("score")} as value
    union all
    select (vote ->> 'value')::float8
    from json_array_elements(case when score.source = 'AUTOMATED' then score.metadata -> 'votes' end) vote
    where vote ->> 'applicable' = 'true'
    union all
    select repeat::float8 from json_array_elements_text(
      case when score.source = 'AUTOMATED' then score.metadata -> 'repeats' -> 'values' end) repeat
  ) each`;

/** A judge's value, and the standard deviation of its repeats. */
const judgement = sql`
  select ${scoreNumber("score")} as low, null::float8 as high, 1 as opinions,
    coalesce(case when score.source = 'AUTOMATED' then
      (score.metadata -> 'repeats' ->> 'standard_deviation')::float8 end, 0) as deviation`;

/**
 * The chosen targets that still exist, locked so that they stay until the items are stored. Locks traces in the order
 * of their ids, as all code does.
 */
function lockedTargets({ project_id, target_type }: Queue): RawBuilder<unknown> {
  if (target_type === "TRACE") {
    return sql`
      select trace_id::text as target_id from traces
      where project_id = ${project_id} and trace_id = any(array(select target_id::uuid from chosen))
      order by trace_id for key share`;
  }
  return sql`
    select target_id from (
      select target_id, (
        select trace_id from traces where project_id = ${project_id} and session_id = chosen.target_id
        order by trace_id limit 1) as first
      from chosen order by first offset 0
    ) session
    cross join lateral (
      -- Usually the first one. If that is being deleted, the next.
      select from traces where project_id = ${project_id} and session_id = session.target_id
      order by trace_id limit 1 for key share
    ) trace`;
}
