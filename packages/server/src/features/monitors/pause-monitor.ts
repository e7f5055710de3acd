import type { MonitorResponse, MonitorStatus } from "@pandaprobe/contract";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { monitorResponse } from "./monitor-response.ts";
import { lockMonitor } from "./read-monitors.ts";
import { nextRunAt } from "./schedule.ts";
import { setFields } from "./set-fields.ts";

type Context = Pick<MonitorContext, "db" | "now" | "monitorLimits">;

/** Pauses a monitor until it is resumed. @throws ProblemError `not_found` */
export function pauseMonitor(
  context: Context,
  projectId: string,
  monitorId: string,
): Promise<MonitorResponse> {
  return setStatus(context, projectId, monitorId, "PAUSED");
}

/** Resumes a paused monitor with the next tick of its cadence. @throws ProblemError `not_found` */
export function resumeMonitor(
  context: Context,
  projectId: string,
  monitorId: string,
): Promise<MonitorResponse> {
  return setStatus(context, projectId, monitorId, "ACTIVE");
}

/** A monitor that already has the status is not changed. */
async function setStatus(
  { db, now, monitorLimits }: Context,
  projectId: string,
  monitorId: string,
  status: MonitorStatus,
): Promise<MonitorResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    if (monitor.status === status) return monitorResponse(monitor, monitorLimits);
    const time = await now(transaction);
    const updated = await setFields(transaction, monitor, {
      status,
      next_run_at: status === "ACTIVE" ? nextRunAt(monitor, time) : null,
      updated_at: time.toISOString(),
    });
    return monitorResponse(updated, monitorLimits);
  });
}
