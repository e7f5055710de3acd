import type { MonitorResponse, UpdateMonitorRequest } from "@pandaprobe/contract";
import { changedSettings, checkCadence, settingsOf } from "@pandaprobe/contract/rules";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { monitorResponse } from "./monitor-response.ts";
import { checkSettings } from "./monitored-targets.ts";
import { lockMonitor } from "./read-monitors.ts";
import { settingsColumns } from "./run-settings.ts";
import { nextRunAt } from "./schedule.ts";
import { setFields } from "./set-fields.ts";

/**
 * Changes the fields of a monitor that are sent. If that changes what it evaluates, its next tick creates a run whether or
 * not traces have changed.
 *
 * @throws ProblemError as `createMonitor` does; `not_found`.
 */
export async function updateMonitor(
  { db, judges, now, quotas, monitorLimits }: MonitorContext,
  projectId: string,
  monitorId: string,
  body: UpdateMonitorRequest,
): Promise<MonitorResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    const before = settingsOf(monitor);
    const settings = changedSettings(before, body);
    if (toJson(settings) !== toJson(before)) {
      await checkSettings({ db: transaction, judges, quotas, projectId }, settings, before);
    }
    // The budget does not change what is evaluated.
    const isSame = toJson({ ...settings, max_cost_usd: before.max_cost_usd }) === toJson(before);
    const schedule = {
      cadence: body.cadence ?? monitor.cadence,
      timezone: body.timezone ?? monitor.timezone,
    };
    const isRescheduled = schedule.cadence !== monitor.cadence || schedule.timezone !== monitor.timezone;
    // An unchanged cadence may be older than the limit on cadences.
    if (schedule.cadence !== monitor.cadence)
      checkCadence(schedule.cadence, monitorLimits.shortestGapMs / 1000);
    const time = await now(transaction);
    const updated = await setFields(transaction, monitor, {
      ...settingsColumns(settings),
      ...schedule,
      name: body.name ?? monitor.name,
      only_if_changed: body.only_if_changed ?? monitor.only_if_changed,
      updated_at: time.toISOString(),
      ...(isSame ? {} : { seen: null }),
      ...(isRescheduled && monitor.status === "ACTIVE"
        ? { next_run_at: nextRunAt({ ...schedule, created_at: monitor.created_at }, time) }
        : {}),
    });
    return monitorResponse(updated, monitorLimits);
  });
}
