import type { MonitorResponse, UpdateMonitorRequest } from "@pandaprobe/contract";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { monitorResponse } from "./monitor-response.ts";
import { checkedEvaluation, type Evaluation } from "./monitored.ts";
import { lockMonitor } from "./read-monitors.ts";
import { checkCadence, nextRunAt } from "./schedule.ts";
import { setFields } from "./set-fields.ts";
import { withSignalWeights } from "./signal-weights.ts";

/**
 * Changes what is sent of a monitor. If that changes what it evaluates, everything is new to it: its next tick runs
 * whether or not traces have changed.
 *
 * @throws ProblemError as `createMonitor` does; `not_found`.
 */
export async function updateMonitor(
  { db, judges, now }: MonitorContext,
  projectId: string,
  monitorId: string,
  body: UpdateMonitorRequest,
): Promise<MonitorResponse> {
  return inTransaction(db, async (transaction) => {
    const monitor = await lockMonitor(transaction, projectId, monitorId);
    const evaluation = changedEvaluation(monitor, body);
    const isSame = toJson(evaluation) === toJson(evaluationOf(monitor));
    const { filters, ...checked } = isSame ? evaluation : checkedEvaluation(judges, evaluation);
    const schedule = {
      cadence: body.cadence ?? monitor.cadence,
      timezone: body.timezone ?? monitor.timezone,
    };
    const isRescheduled = schedule.cadence !== monitor.cadence || schedule.timezone !== monitor.timezone;
    if (isRescheduled) checkCadence(schedule.cadence);
    const time = await now(transaction);
    const updated = await setFields(transaction, monitor, {
      ...checked,
      ...schedule,
      filters: toJson(filters),
      name: body.name ?? monitor.name,
      only_if_changed: body.only_if_changed ?? monitor.only_if_changed,
      updated_at: time.toISOString(),
      ...(isSame ? {} : { seen: null }),
      ...(isRescheduled && monitor.status === "ACTIVE"
        ? { next_run_at: nextRunAt({ ...schedule, created_at: monitor.created_at }, time) }
        : {}),
    });
    return monitorResponse(updated);
  });
}

function evaluationOf({ target_type, metric_names, filters, sampling_rate, model }: Evaluation): Evaluation {
  return { target_type, metric_names, filters, sampling_rate, model };
}

function changedEvaluation(monitor: Evaluation, body: UpdateMonitorRequest): Evaluation {
  const { signal_weights: storedWeights, ...storedFilters } = monitor.filters;
  const weights = body.signal_weights === undefined ? storedWeights : body.signal_weights;
  return {
    target_type: monitor.target_type,
    metric_names: [...new Set(body.metrics ?? monitor.metric_names)],
    filters: withSignalWeights(monitor.target_type, body.filters ?? storedFilters, weights),
    sampling_rate: body.sampling_rate ?? monitor.sampling_rate,
    model: body.model === undefined ? monitor.model : body.model,
  };
}
