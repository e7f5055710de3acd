import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Quotas } from "../../config/project-limits.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { checkRun } from "../quotas/check-quotas.ts";

/** A request that tries a metric. */
export interface Trial {
  readonly project_id: string;
  /** The run that its judge calls are recorded for. There is none with this id. */
  readonly id: string;
  /** How much of the project's quota it may spend; `null` for no limit. */
  readonly maxUsd: number | null;
}

/** By then every call of a process that died has been settled. */
const expiresAfter = sql`interval '15 minutes'`;

/**
 * Counts a trial as a run, and reserves the rest of the project's quota until the trial is closed.
 *
 * @param isFree whether its judge costs nothing.
 * @throws ProblemError `quota_exceeded`
 */
export async function openTrial(
  db: Database,
  projectId: string,
  quotas: Quotas,
  isFree: boolean,
): Promise<Trial> {
  return inTransaction(db, async (transaction) => {
    await charge(transaction, projectId, null);
    const maxUsd = await checkRun(transaction, projectId, quotas, { askedUsd: null, isFree });
    const id = uuidv7();
    await sql`
      with project as (
        select id from projects where id = ${projectId}
      ), counted as (
        insert into project_usage_deltas (project_id, runs) select id, 1 from project
      )
      insert into metric_trials (project_id, id, max_usd, expires_at)
      select id, ${id}, ${maxUsd}, now() + ${expiresAfter} from project`.execute(transaction);
    return { project_id: projectId, id, maxUsd };
  });
}

/** Call it when all judge calls of the trial have ended. */
export function closeTrial(db: Database, { project_id, id }: Trial): Promise<void> {
  return charge(db, project_id, id);
}

/** Ends a trial, or those of dead processes, and adds the cost of their calls to the project's spending. */
async function charge(
  db: Database | DatabaseTransaction,
  projectId: string,
  id: string | null,
): Promise<void> {
  await sql`
    with ended as (
      delete from metric_trials
      where project_id = ${projectId} and ${id === null ? sql`expires_at < now()` : sql`id = ${id}`}
      returning id
    )
    insert into project_usage_deltas (project_id, usd)
    select call.project_id, sum(call.cost_usd)
    from ended
    -- The ids of calls and trials are ordered by time, so this reads only calls since the trial began.
    join judge_calls call on call.project_id = ${projectId} and call.id > ended.id and call.run_id = ended.id
    group by 1 having sum(call.cost_usd) <> 0`.execute(db);
}
