import type { EvalRunResponse } from "@pandaprobe/contract";
import { settingsOf } from "@pandaprobe/contract/rules";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { findChanges, runWithSettings, type Seen } from "./monitored-targets.ts";
import { lockMonitor } from "./read-monitors.ts";
import { setFields } from "./set-fields.ts";

/**
 * Creates a run of a monitor that the transaction has locked, and stores it as the monitor's last run.
 *
 * @param seen the state before the run chose its targets. @param quietMs leaves out targets that are still being
 * written; undefined includes all.
 * @throws ProblemError if the run cannot be created.
 */
export async function runMonitor(
  { db, judges, quotas }: Pick<MonitorContext, "judges" | "quotas"> & { readonly db: DatabaseTransaction },
  monitor: Row<"monitors">,
  { time, seen, quietMs }: { readonly time: Date; readonly seen: Seen; readonly quietMs?: number },
): Promise<EvalRunResponse> {
  const request = { db, judges, quotas, projectId: monitor.project_id, monitorId: monitor.id, quietMs };
  const run = await runWithSettings(request, `[Monitor] ${monitor.name}`, settingsOf(monitor));
  await setFields(db, monitor, { last_run_at: time.toISOString(), last_run_id: run.id, ...seen });
  return run;
}

/**
 * Creates a run of a monitor now, even if nothing has changed or targets are still being written. @throws
 * ProblemError if the run cannot be created.
 */
export async function triggerMonitor(
  { db, judges, now, quotas, monitorLimits }: MonitorContext,
  projectId: string,
  monitorId: string,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    const { quietMs } = monitorLimits;
    const { hasChanged: _, ...seen } = await findChanges(transaction, monitor, settingsOf(monitor), quietMs);
    return runMonitor({ db: transaction, judges, quotas }, monitor, { time: await now(transaction), seen });
  });
}
