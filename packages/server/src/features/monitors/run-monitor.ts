import type { EvalRunResponse } from "@pandaprobe/contract";
import { settingsOf } from "@pandaprobe/contract/rules";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { findChanges, runWithSettings } from "./monitored-targets.ts";
import { lockMonitor } from "./read-monitors.ts";
import { setFields } from "./set-fields.ts";

/**
 * Creates a run of a monitor that the transaction has locked, and stores it as the monitor's last run.
 *
 * @param seen the snapshot of the database from before the run chose its targets.
 * @throws ProblemError if the run cannot be created.
 */
export async function runMonitor(
  { db, judges, quotas }: Pick<MonitorContext, "judges" | "quotas"> & { readonly db: DatabaseTransaction },
  monitor: Row<"monitors">,
  { time, seen }: { time: Date; seen: string },
): Promise<EvalRunResponse> {
  const request = { db, judges, quotas, projectId: monitor.project_id, monitorId: monitor.id };
  const run = await runWithSettings(request, `[Monitor] ${monitor.name}`, settingsOf(monitor));
  await setFields(db, monitor, { last_run_at: time.toISOString(), last_run_id: run.id, seen });
  return run;
}

/** Creates a run of a monitor now, even if nothing has changed. @throws ProblemError if the run cannot be created. */
export async function triggerMonitor(
  { db, judges, now, quotas }: Omit<MonitorContext, "monitorLimits">,
  projectId: string,
  monitorId: string,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    const { seen } = await findChanges(transaction, projectId, settingsOf(monitor), null);
    return runMonitor({ db: transaction, judges, quotas }, monitor, { time: await now(transaction), seen });
  });
}
