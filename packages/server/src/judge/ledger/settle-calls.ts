import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { isOpenRun } from "../../db/open-run.ts";
import type { RunKey } from "../../db/run-key.ts";
import { inTransaction } from "../../db/transaction.ts";

/**
 * Settles calls of a run that are still in flight: all of them once the run has ended, or those that have taken so
 * long that their process must be dead. They are charged their highest possible cost.
 */
export async function settleCalls(
  db: DatabaseTransaction,
  run: RunKey,
  { olderThanMs }: { olderThanMs?: number } = {},
): Promise<void> {
  const [isLost, lock] =
    olderThanMs === undefined
      ? [sql`true`, sql`for update`]
      : // A locked call is ending, so it is not lost.
        [sql`created_at < now() - make_interval(secs => ${olderThanMs / 1000})`, sql`for update skip locked`];
  await sql`
    with lost as (
      select id from judge_calls
      where project_id = ${run.project_id} and run_id = ${run.id} and status = 'PENDING'
        and ${isLost}
      ${lock}
    ), settled as (
      update judge_calls set status = 'UNKNOWN', cost_usd = reserved_usd, ended_at = now_ms(),
        error = 'did not end in time or before its run ended: its process stopped'
      where project_id = ${run.project_id} and id in (select id from lost)
      returning cost_usd
    ), charged as (
      update eval_run_budgets
      set reserved_usd = reserved_usd - settled.usd, spent_usd = spent_usd + settled.usd
      from (select sum(cost_usd) as usd from settled) as settled
      where project_id = ${run.project_id} and run_id = ${run.id} and settled.usd > 0
    )
    insert into eval_run_usage (project_id, run_id, process_id, calls, cost_usd, unpriced_calls)
    select run.project_id, run.id, gen_random_uuid(), count(*), coalesce(sum(cost_usd), 0),
      count(*) filter (where cost_usd is null)
    from settled join eval_runs run on run.project_id = ${run.project_id} and run.id = ${run.id}
    group by run.project_id, run.id`.execute(db);
}

/** How many runs are settled per pass. */
const mostRuns = 100;

/**
 * Settles calls of dead processes in runs that have ended or were deleted. A run that ends early leaves calls in
 * flight to the process that makes them.
 *
 * @param longestCallMs the process of a call that has been in flight for longer is dead.
 */
export async function settleLostCalls(db: Database, longestCallMs: number): Promise<void> {
  const { rows: runs } = await sql<RunKey>`
    select distinct call.project_id, call.run_id as id from judge_calls call
    where call.status = 'PENDING' and call.created_at < now() - make_interval(secs => ${longestCallMs / 1000})
      and not exists (
        select from eval_runs run
        where run.project_id = call.project_id and run.id = call.run_id and ${isOpenRun("run")})
    limit ${mostRuns}`.execute(db);
  for (const run of runs) {
    await inTransaction(db, (transaction) => settleCalls(transaction, run, { olderThanMs: longestCallMs }));
  }
}
