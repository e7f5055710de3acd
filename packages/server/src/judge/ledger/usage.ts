import type { RunUsage } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";

/** The usage of a run that called no model. */
export const noUsage: RunUsage = {
  calls: 0,
  cached_calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
};

interface UsageRow extends RunUsage {
  run_id: string;
}

/** The usage of runs of a project so far, by run. Calls in flight count at their highest possible cost. */
export async function readUsage(
  db: Database | DatabaseTransaction,
  projectId: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunUsage>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<UsageRow>`
    select run_id, sum(calls)::integer as calls, sum(cached_calls)::integer as cached_calls,
      sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens,
      case when sum(unpriced_calls) = 0 then sum(cost_usd)::float8 end as cost_usd
    from (
      select run_id, calls, cached_calls, input_tokens, output_tokens, cost_usd, unpriced_calls
      from eval_run_usage
      where project_id = ${projectId} and run_id = any (${runIds}::uuid[])
      union all
      select run_id, 1, 0, 0, 0, coalesce(reserved_usd, 0), (reserved_usd is null)::integer
      from judge_calls
      where project_id = ${projectId} and run_id = any (${runIds}::uuid[]) and status = 'PENDING'
    ) as used
    group by run_id`.execute(db);
  return new Map(rows.map(({ run_id, ...usage }) => [run_id, usage]));
}
