import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { RunKey } from "../runs/run-key.ts";
import { callRow, type NewCall } from "./begin-calls.ts";
import { settleCalls } from "./settle-calls.ts";

/** What a run may cost, and what its calls have cost so far, those under way not counted. In USD. */
export interface Budget {
  readonly maxUsd: number;
  readonly spentUsd: number;
}

/** What became of one call: it may be made; it does not fit while others are under way; it does not fit at all. */
type Admission = "ADMITTED" | "TAKEN" | "EXCEEDED";

/** What became of calls that wanted to begin. */
export interface Admissions {
  readonly budget: Budget;
  /** By the id of the call. */
  readonly of: ReadonlyMap<string, Admission>;
}

/**
 * Records calls of a run with a budget before they are made, as many of them, in their order, as the budget has room for.
 * Calls that have been under way for longer than `longestCallMs` have lost whoever made them: they count as spent.
 */
export async function reserveCalls(
  longestCallMs: number,
  db: Database,
  run: RunKey,
  calls: readonly NewCall[],
): Promise<Admissions> {
  return inTransaction(db, async (transaction) => {
    // Locked by a statement of its own: the next one then sees all that was reserved before.
    await sql`
      select from eval_run_budgets where project_id = ${run.project_id} and run_id = ${run.id} for update`.execute(
      transaction,
    );
    const { rows } = await sql<Reserved>`
      with recursive call as (
        select * from rows from (json_to_recordset(${toJson(calls.map(callRow))}) as (
          id uuid, kind text, model text, settings json, keys text[], attempt integer, reserved_usd numeric
        )) with ordinality as call(id, kind, model, settings, keys, attempt, reserved_usd, n)
      ), fitting (n, fits, free_usd) as (
        select 0::bigint, false, max_usd - spent_usd - reserved_usd from eval_run_budgets
        where project_id = ${run.project_id} and run_id = ${run.id}
        union all
        select call.n, call.reserved_usd <= free_usd,
          free_usd - case when call.reserved_usd <= free_usd then call.reserved_usd else 0 end
        from fitting join call on call.n = fitting.n + 1
      ), begun as (
        insert into judge_calls (project_id, id, run_id, kind, model, settings, keys, attempt, reserved_usd)
        select ${run.project_id}, id, ${run.id}, kind, model, settings,
          array(select decode(key, 'hex') from unnest(keys) as key), attempt, reserved_usd
        from call join fitting using (n) where fits
        returning reserved_usd
      ), budget as (
        update eval_run_budgets budget
        set reserved_usd = budget.reserved_usd + (select coalesce(sum(begun.reserved_usd), 0) from begun)
        where project_id = ${run.project_id} and run_id = ${run.id}
        returning max_usd, spent_usd, reserved_usd
      )
      select call.id, budget.max_usd, budget.spent_usd,
        case when fits then 'ADMITTED'
          when budget.reserved_usd > 0 and call.reserved_usd <= budget.max_usd - budget.spent_usd then 'TAKEN'
          else 'EXCEEDED' end as admission
      from call join fitting using (n) cross join budget`.execute(transaction);
    if (rows.some(({ admission }) => admission === "TAKEN")) {
      await settleCalls(transaction, run, { olderThanMs: longestCallMs });
    }
    return {
      // A run that is gone has nothing to spend.
      budget: { maxUsd: rows[0]?.max_usd ?? 0, spentUsd: rows[0]?.spent_usd ?? 0 },
      of: new Map(rows.map(({ id, admission }) => [id, admission])),
    };
  });
}

interface Reserved {
  readonly id: string;
  readonly max_usd: number;
  readonly spent_usd: number;
  readonly admission: Admission;
}
