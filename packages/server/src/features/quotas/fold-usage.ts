import { sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** How many deltas one transaction moves. */
const batchSize = 5000;
const maxBatches = 20;

/** Moves a bounded number of usage deltas into the totals. Reads do not change. Any number of processes may call it at once. */
export async function foldUsage(db: Database, stop: AbortSignal): Promise<void> {
  for (let batch = 0; batch < maxBatches && !stop.aborted; batch += 1) {
    const { rows } = await sql<{ moved: number }>`
      with moved as (
        delete from project_usage_deltas where (project_id, id) in (
          select project_id, id from project_usage_deltas limit ${batchSize} for update skip locked
        ) returning *
      ), totals as (
        insert into project_totals as known (project_id, traces, bytes)
        select project_id, sum(traces), sum(bytes) from moved
        group by 1 having sum(traces) <> 0 or sum(bytes) <> 0
        -- In a fixed order, so that concurrent folds wait for each other instead of deadlocking.
        order by 1
        on conflict (project_id) do update
          set traces = known.traces + excluded.traces, bytes = known.bytes + excluded.bytes
      ), days as (
        insert into project_days as known (project_id, day, runs, usd)
        select project_id, day, sum(runs), sum(usd) from moved
        group by 1, 2 having sum(runs) <> 0 or sum(usd) <> 0
        order by 1, 2
        on conflict (project_id, day) do update
          set runs = known.runs + excluded.runs, usd = known.usd + excluded.usd
      )
      select count(*) as moved from moved`.execute(db);
    if ((rows[0]?.moved ?? 0) < batchSize) return;
  }
}
