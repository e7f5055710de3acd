import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { RunKey } from "../runs/run-key.ts";

/**
 * Nobody waits any more for what these calls answer that are still under way: all of a run that is over, or those of a run
 * that have taken too long. Whoever made them died, or was overtaken; they count as having cost the most that they can.
 */
export async function settleCalls(
  db: DatabaseTransaction,
  run: RunKey,
  { olderThanMs }: { olderThanMs?: number } = {},
): Promise<void> {
  const [isLost, lock] =
    olderThanMs === undefined
      ? [sql`true`, sql`for update`]
      : // One that ends at this very moment is not lost.
        [sql`created_at < now() - make_interval(secs => ${olderThanMs / 1000})`, sql`for update skip locked`];
  await sql`
    with lost as (
      select id from judge_calls
      where project_id = ${run.project_id} and run_id = ${run.id} and status = 'PENDING'
        and ${isLost}
      ${lock}
    ), settled as (
      update judge_calls set status = 'UNKNOWN', cost_usd = reserved_usd, ended_at = now_ms(),
        error = 'did not end in its time, nor before its run: whoever made it was stopped'
      where project_id = ${run.project_id} and id in (select id from lost)
      returning cost_usd
    ), charged as (
      update eval_run_budgets
      set reserved_usd = reserved_usd - settled.usd, spent_usd = spent_usd + settled.usd
      from (select sum(cost_usd) as usd from settled) as settled
      where project_id = ${run.project_id} and run_id = ${run.id} and settled.usd > 0
    )
    insert into eval_run_usage (project_id, run_id, process_id, calls, cost_usd, unpriced_calls)
    select ${run.project_id}, ${run.id}, gen_random_uuid(), count(*), coalesce(sum(cost_usd), 0),
      count(*) filter (where cost_usd is null)
    from settled
    having count(*) > 0`.execute(db);
}
