import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { RunKey } from "../runs/run-key.ts";

/**
 * The run is over: nobody waits any more for what calls of it answer that are still under way. Whoever made them died, or
 * was overtaken; they count as having cost the most that they can.
 */
export async function settleCalls(db: DatabaseTransaction, run: RunKey): Promise<void> {
  await sql`
    with settled as (
      update judge_calls set status = 'UNKNOWN', cost_usd = reserved_usd, ended_at = now_ms(),
        error = 'did not end before the run did: whoever made it was stopped'
      where project_id = ${run.project_id} and run_id = ${run.id} and status = 'PENDING'
      returning cost_usd
    )
    insert into eval_run_usage (project_id, run_id, process_id, calls, cost_usd, unpriced_calls)
    select ${run.project_id}, ${run.id}, gen_random_uuid(), count(*), coalesce(sum(cost_usd), 0),
      count(*) filter (where cost_usd is null)
    from settled
    having count(*) > 0`.execute(db);
}
