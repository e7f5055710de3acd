import type { CreateMonitorRequest, MonitorResponse } from "@pandaprobe/contract";
import { checkCadence, judgedBy } from "@pandaprobe/contract/rules";
import { v7 as uuidv7 } from "uuid";
import { inTransaction } from "../../db/transaction.ts";
import { checkMonitors } from "../quotas/check-quotas.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { monitorResponse } from "./monitor-response.ts";
import { checkSettings } from "./monitored-targets.ts";
import { settingsColumns } from "./run-settings.ts";
import { nextRunAt } from "./schedule.ts";

/** @throws ProblemError for settings that no run can have, for an invalid cadence, and above the limit on monitors. */
export async function createMonitor(
  { db, judges, now, quotas, monitorLimits }: MonitorContext,
  projectId: string,
  body: CreateMonitorRequest,
): Promise<MonitorResponse> {
  checkCadence(body.cadence, monitorLimits.shortestGapMs / 1000);
  const settings = {
    target_type: body.target_type,
    metric_names: [...new Set(body.metrics)],
    filters: body.filters ?? {},
    signal_weights: body.signal_weights ?? undefined,
    sampling_rate: body.sampling_rate,
    ...judgedBy(body),
    max_cost_usd: body.max_cost_usd ?? null,
  };
  await checkSettings({ db, judges, quotas, projectId }, settings);
  const time = await now(db);
  const schedule = { cadence: body.cadence, timezone: body.timezone, created_at: time.toISOString() };
  return inTransaction(db, async (transaction) => {
    await checkMonitors(transaction, projectId, quotas);
    const monitor = await transaction
      .insertInto("monitors")
      .values({
        ...settingsColumns(settings),
        ...schedule,
        project_id: projectId,
        id: uuidv7(),
        name: body.name,
        only_if_changed: body.only_if_changed,
        status: "ACTIVE",
        next_run_at: nextRunAt(schedule, time),
        updated_at: schedule.created_at,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return monitorResponse(monitor, monitorLimits);
  });
}
