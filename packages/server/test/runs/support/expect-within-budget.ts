import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { query } from "../../support/query.ts";

/** The budget of a run, and the cost of its calls by three accounts that must agree. Exact USD as text. */
export interface Spending {
  readonly max: string;
  /** All of its calls; calls in flight at the reserved cost. */
  readonly calls: string;
  /** The usage of the run, plus the cost reserved for calls in flight. */
  readonly usage: string;
  readonly budget: string;
}

/** What a run with a budget has spent now, by all accounts at the same moment. */
export async function spendingOf(databaseUrl: string, runId: string): Promise<Spending> {
  const rows = await query<Spending & { isWithin: boolean; isSame: boolean }>(
    databaseUrl,
    `with charged as (
       select (select coalesce(sum(coalesce(cost_usd, reserved_usd)), 0) from judge_calls where run_id = $1) as calls,
         (select coalesce(sum(cost_usd), 0) from eval_run_usage where run_id = $1)
           + (select coalesce(sum(reserved_usd), 0) from judge_calls where run_id = $1 and status = 'PENDING') as usage,
         (select spent_usd + reserved_usd from eval_run_budgets where run_id = $1) as budget,
         (select max_cost_usd from eval_runs where id = $1) as max
     )
     select max::text, calls::text, usage::text, budget::text,
       calls <= max as "isWithin", calls = usage and usage = budget as "isSame" from charged`,
    [runId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("An aggregate gives a row.");
  const { isWithin, isSame, ...spending } = row;
  if (!isWithin) throw new Error(`The run has cost more than it may: ${JSON.stringify(spending)}`);
  if (!isSame) throw new Error(`The accounts of the run differ: ${JSON.stringify(spending)}`);
  return spending;
}

/** Leaves the processor to the run. */
const pauseMs = 25;

/** Checks repeatedly, until `ended` resolves, that the run stays within its budget. @returns the value of `ended`. */
export async function expectWithinBudget<Run>(
  databaseUrl: string,
  runId: string,
  ended: Promise<Run>,
): Promise<Run> {
  let isOver = false;
  const watched = ended.finally(() => {
    isOver = true;
  });
  let polls = 0;
  for (; !isOver; polls += 1) {
    await spendingOf(databaseUrl, runId);
    await sleep(pauseMs);
  }
  await spendingOf(databaseUrl, runId);
  expect(polls).toBeGreaterThan(0);
  return watched;
}
