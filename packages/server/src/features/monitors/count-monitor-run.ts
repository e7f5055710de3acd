import { ProblemError } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { MonitorLimits } from "../../config/project-limits.ts";
import type { DatabaseTransaction } from "../../db/database.ts";

/**
 * Counts a run that a tick is about to make, under the lock of the project's row.
 *
 * @throws ProblemError `quota_exceeded` where its monitors have made as many as they may.
 */
export async function countMonitorRun(
  db: DatabaseTransaction,
  projectId: string,
  { runsPerMinute }: MonitorLimits,
): Promise<void> {
  if (runsPerMinute === 0) return;
  const recent = sql`array(select made from unnest(monitor_runs) made where made > now() - interval '1 minute')`;
  const { numAffectedRows } = await sql`
    update projects set monitor_runs = ${recent} || now()
    where id = ${projectId} and cardinality(${recent}) < ${runsPerMinute}`.execute(db);
  if (numAffectedRows === 1n) return;
  throw new ProblemError(
    "quota_exceeded",
    `The monitors of this project have made ${runsPerMinute} runs within a minute, as many as MONITOR_RUNS_PER_MINUTE allows.`,
    { retryAfterSeconds: 60 },
  );
}
