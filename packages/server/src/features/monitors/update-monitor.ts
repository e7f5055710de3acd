import { isDeepStrictEqual } from "node:util";
import type { MonitorResponse, UpdateMonitorRequest } from "@pandaprobe/contract";
import { checkCadence } from "@pandaprobe/contract/rules";
import type { JsonObject } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { monitorResponse } from "./monitor-response.ts";
import { checkTemplate } from "./monitored.ts";
import { lockMonitor } from "./read-monitors.ts";
import { type RunTemplate, templateColumns, templateOf } from "./run-template.ts";
import { nextRunAt } from "./schedule.ts";
import { setFields } from "./set-fields.ts";

/**
 * Changes what is sent of a monitor. If that changes what it evaluates, everything is new to it: its next tick runs
 * whether or not traces have changed.
 *
 * @throws ProblemError as `createMonitor` does; `not_found`.
 */
export async function updateMonitor(
  { db, judges, now, quotas, limits }: MonitorContext,
  projectId: string,
  monitorId: string,
  body: UpdateMonitorRequest,
): Promise<MonitorResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    const before = templateOf(monitor);
    const template = changedTemplate(before, body);
    if (toJson(template) !== toJson(before)) checkTemplate({ judges, quotas }, template, before);
    // What a run may cost says nothing about what it evaluates.
    const isSame = toJson({ ...template, max_cost_usd: before.max_cost_usd }) === toJson(before);
    const schedule = {
      cadence: body.cadence ?? monitor.cadence,
      timezone: body.timezone ?? monitor.timezone,
    };
    const isRescheduled = schedule.cadence !== monitor.cadence || schedule.timezone !== monitor.timezone;
    // One that is kept may be from before there was a shortest gap.
    if (schedule.cadence !== monitor.cadence) checkCadence(schedule.cadence, limits.shortestGapMs / 1000);
    const time = await now(transaction);
    const updated = await setFields(transaction, monitor, {
      ...templateColumns(template),
      ...schedule,
      name: body.name ?? monitor.name,
      only_if_changed: body.only_if_changed ?? monitor.only_if_changed,
      updated_at: time.toISOString(),
      ...(isSame ? {} : { seen: null }),
      ...(isRescheduled && monitor.status === "ACTIVE"
        ? { next_run_at: nextRunAt({ ...schedule, created_at: monitor.created_at }, time) }
        : {}),
    });
    return monitorResponse(updated, limits);
  });
}

function changedTemplate(before: RunTemplate, body: UpdateMonitorRequest): RunTemplate {
  return {
    target_type: before.target_type,
    metric_names: [...new Set(body.metrics ?? before.metric_names)],
    filters: body.filters == null ? before.filters : withoutShownWeights(body.filters, before),
    signal_weights:
      body.signal_weights === undefined ? before.signal_weights : (body.signal_weights ?? undefined),
    sampling_rate: body.sampling_rate ?? before.sampling_rate,
    model: body.model === undefined ? before.model : body.model,
    max_cost_usd: body.max_cost_usd === undefined ? before.max_cost_usd : body.max_cost_usd,
  };
}

/** Whoever sends back the filters that a monitor shows sends its signal weights among them. */
function withoutShownWeights(filters: JsonObject, { signal_weights: shown }: RunTemplate): JsonObject {
  const { signal_weights: sent, ...rest } = filters;
  return shown !== undefined && isDeepStrictEqual(sent, shown) ? rest : filters;
}
