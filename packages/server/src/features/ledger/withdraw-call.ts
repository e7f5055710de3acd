import { sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** A call that was recorded, but never made. */
export interface WithdrawnCall {
  readonly project_id: string;
  readonly run_id: string;
  readonly id: string;
}

/** Takes a call off the record, and gives what was reserved for it back to its run. One that has been settled stays. */
export async function withdrawCall(db: Database, call: WithdrawnCall): Promise<void> {
  await sql`
    with withdrawn as (
      delete from judge_calls where project_id = ${call.project_id} and id = ${call.id} and status = 'PENDING'
      returning reserved_usd
    )
    update eval_run_budgets budget set reserved_usd = budget.reserved_usd - withdrawn.reserved_usd
    from withdrawn
    where budget.project_id = ${call.project_id} and budget.run_id = ${call.run_id}
      and withdrawn.reserved_usd is not null`.execute(db);
}
