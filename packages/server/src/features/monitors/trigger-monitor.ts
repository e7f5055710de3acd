import type { EvalRunResponse } from "@pandaprobe/contract";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { lookForChanges } from "./monitored.ts";
import { lockMonitor } from "./read-monitors.ts";
import { runMonitor } from "./run-monitor.ts";
import { templateOf } from "./run-template.ts";

/** Makes a monitor's run now, whether anything changed or not. @throws ProblemError where none can be made. */
export async function triggerMonitor(
  { db, judges, now, quotas }: Omit<MonitorContext, "limits">,
  projectId: string,
  monitorId: string,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    const { seen } = await lookForChanges(transaction, projectId, templateOf(monitor), null);
    return runMonitor({ db: transaction, judges, quotas }, monitor, { time: await now(transaction), seen });
  });
}
