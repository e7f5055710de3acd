import { type RawBuilder, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { LedgerCall } from "./ledger.ts";
import { settleCalls } from "./settle-calls.ts";

/** A call of a run that is about to be made. */
export interface NewCall extends LedgerCall {
  readonly project_id: string;
  readonly run_id: string;
  readonly id: string;
}

/** What a run may cost, and what its finished calls have cost, in USD. */
export interface Budget {
  readonly maxUsd: number;
  readonly spentUsd: number;
}

/**
 * Whether a call may be made. `ADMITTED`: yes. `ASKED`: it was answered meanwhile, or another process is asking the same.
 * `RESERVED`: the budget has no room for it while other calls are in flight. `EXCEEDED`: the budget has no room at all.
 */
export type CallAdmission = "ADMITTED" | "ASKED" | "RESERVED" | "EXCEEDED";

export interface Admissions {
  /** `null` for a run without a budget. */
  readonly budget: Budget | null;
  /** By the id of the call. */
  readonly of: ReadonlyMap<string, CallAdmission>;
}

/** The process that claims questions, and how long its claims last. */
export interface Claims {
  readonly processId: string;
  /** The process of a call that has been in flight for longer is dead. */
  readonly longestCallMs: number;
}

/** Records calls before they are made, except those whose questions are answered or being asked by another process. */
export async function beginCalls(
  claims: Claims,
  db: Database,
  run: RunKey,
  calls: readonly NewCall[],
): Promise<Admissions> {
  const { rows } = await sql<{ id: string }>`
    ${newCalls(run, calls, claims)}
    ${insertCalls(run, sql`call join unasked using (id)`)}
    returning id`.execute(db);
  const admitted = new Set(rows.map(({ id }) => id));
  await releaseClaims(db, run, calls, admitted);
  return {
    budget: null,
    of: new Map(calls.map(({ id }) => [id, admitted.has(id) ? "ADMITTED" : "ASKED"])),
  };
}

/** The same for a run with a budget: admits calls in order, as long as the budget has room for them. */
export async function reserveCalls(
  claims: Claims,
  db: Database,
  run: RunKey,
  calls: readonly NewCall[],
): Promise<Admissions> {
  return inTransaction(db, async (transaction) => {
    // A separate statement, so that the next one sees everything that was reserved before the lock was taken.
    await sql`
      select from eval_run_budgets where project_id = ${run.project_id} and run_id = ${run.id} for update`.execute(
      transaction,
    );
    const { rows } = await sql<Reserved>`
      ${newCalls(run, calls, claims, { recursive: true })}
      , fitting (n, fits, free_usd) as (
        select 0::bigint, false, max_usd - spent_usd - reserved_usd from eval_run_budgets
        where project_id = ${run.project_id} and run_id = ${run.id}
        union all
        select call.n, call.is_unasked and call.reserved_usd <= free_usd,
          free_usd - case when call.is_unasked and call.reserved_usd <= free_usd then call.reserved_usd else 0 end
        from fitting join (
          select call.*, unasked.id is not null as is_unasked from call left join unasked using (id)
        ) as call on call.n = fitting.n + 1
      ), begun as (
        ${insertCalls(run, sql`call join fitting using (n) where fits`)}
        returning reserved_usd
      ), budget as (
        update eval_run_budgets budget
        set reserved_usd = budget.reserved_usd + (select coalesce(sum(begun.reserved_usd), 0) from begun)
        where project_id = ${run.project_id} and run_id = ${run.id}
        returning max_usd, spent_usd, reserved_usd
      )
      select call.id, budget.max_usd, budget.spent_usd,
        case when fits then 'ADMITTED'
          when unasked.id is null then 'ASKED'
          when budget.reserved_usd > 0 and call.reserved_usd <= budget.max_usd - budget.spent_usd then 'RESERVED'
          else 'EXCEEDED' end as admission
      from call join fitting using (n) left join unasked on unasked.id = call.id cross join budget`.execute(
      transaction,
    );
    const of = new Map(rows.map(({ id, admission }) => [id, admission]));
    const admitted = new Set([...of].filter(([, admission]) => admission === "ADMITTED").map(([id]) => id));
    await releaseClaims(transaction, run, calls, admitted);
    if (rows.some(({ admission }) => admission === "RESERVED")) {
      await settleCalls(transaction, run, { olderThanMs: claims.longestCallMs });
    }
    // A deleted run has no budget.
    return { budget: { maxUsd: rows[0]?.max_usd ?? 0, spentUsd: rows[0]?.spent_usd ?? 0 }, of };
  });
}

interface Reserved {
  readonly id: string;
  readonly max_usd: number;
  readonly spent_usd: number;
  readonly admission: CallAdmission;
}

/** All calls as `call`; as `unasked`, those whose questions were neither answered nor claimed. They get the claims. */
function newCalls(
  run: RunKey,
  calls: readonly NewCall[],
  claims: Claims,
  { recursive = false } = {},
): RawBuilder<unknown> {
  const rows = calls.map(({ id, kind, model, settings, keys, attempt, reservedUsd }) => ({
    id,
    kind,
    model,
    settings,
    keys,
    attempt,
    reserved_usd: reservedUsd,
  }));
  return sql`
    with ${recursive ? sql`recursive` : sql``} call as (
      select * from rows from (json_to_recordset(${toJson(rows)}) as (
        id uuid, kind text, model text, settings json, keys text[], attempt integer, reserved_usd numeric
      )) with ordinality as call(id, kind, model, settings, keys, attempt, reserved_usd, n)
    ), wanted as (
      select call.id, decode(key, 'hex') as key from call cross join unnest(call.keys) as key
    ), claimed as (
      insert into judge_claims as claim (project_id, key, call_id, process_id, expires_at)
      -- In a fixed order, so that two processes with the same questions do not deadlock.
      select distinct on (key) ${run.project_id}::uuid, key, id, ${claims.processId}::uuid,
        clock_timestamp() + make_interval(secs => ${claims.longestCallMs / 1000})
      from wanted
      where not exists (
        select from judge_answers known where known.project_id = ${run.project_id} and known.key = wanted.key)
      order by key
      on conflict (project_id, key) do update set
        call_id = excluded.call_id, process_id = excluded.process_id, expires_at = excluded.expires_at
        -- A process asks each question once at a time, so its own claim is left over from a lost call.
        where claim.expires_at < clock_timestamp() or claim.process_id = excluded.process_id
      returning claim.key, claim.call_id
    ), unasked as (
      select wanted.id from wanted left join claimed on claimed.key = wanted.key and claimed.call_id = wanted.id
      group by wanted.id having count(*) = count(claimed.key)
    )`;
}

function insertCalls(run: RunKey, from: RawBuilder<unknown>): RawBuilder<{ id: string }> {
  return sql`
    insert into judge_calls (project_id, id, run_id, kind, model, settings, keys, attempt, reserved_usd, is_linked)
    select ${run.project_id}, id, ${run.id}, kind, model, settings,
      array(select decode(key, 'hex') from unnest(keys) as key), attempt, reserved_usd, true
    from ${from}`;
}

/** Releases the claims of calls that were not admitted: a call claims all its keys or none. */
async function releaseClaims(
  db: Database | DatabaseTransaction,
  run: RunKey,
  calls: readonly NewCall[],
  admitted: ReadonlySet<string>,
): Promise<void> {
  const rejected = calls.filter(({ id }) => !admitted.has(id));
  if (rejected.length === 0) return;
  await db
    .deleteFrom("judge_claims")
    .where("project_id", "=", run.project_id)
    .where(
      "key",
      "in",
      rejected.flatMap(({ keys }) => keys.map((key) => Buffer.from(key, "hex"))),
    )
    .where(
      "call_id",
      "in",
      rejected.map(({ id }) => id),
    )
    .execute();
}

/** Removes a call that was not made, and returns its reservation to the budget. A settled call stays. */
export async function withdrawCall(db: Database, run: RunKey, callId: string): Promise<void> {
  await sql`
    with withdrawn as (
      delete from judge_calls where project_id = ${run.project_id} and id = ${callId} and status = 'PENDING'
      returning reserved_usd, keys
    ), refunded as (
      update eval_run_budgets budget set reserved_usd = budget.reserved_usd - withdrawn.reserved_usd
      from withdrawn
      where budget.project_id = ${run.project_id} and budget.run_id = ${run.id}
        and withdrawn.reserved_usd is not null
    )
    delete from judge_claims claim using withdrawn
    where claim.project_id = ${run.project_id} and claim.key = any (withdrawn.keys) and claim.call_id = ${callId}`.execute(
    db,
  );
}
