import type { EvalRunResponse } from "@pandaprobe/contract";
import { nextTick, ProblemError, settingsOf } from "@pandaprobe/contract/rules";
import { createRun } from "../runs/create-run.ts";
import { sessionKind, traceKind } from "../runs/target-kind.ts";
import { isoTime } from "../state/clock.ts";
import type { Project, StoredMonitor } from "../state/project.ts";
import type { World } from "../world.ts";
import { readFilters } from "./settings.ts";

/** Creates a run of a monitor, and records it there. @throws ProblemError */
export function runMonitor(
  world: World,
  project: Project,
  stored: StoredMonitor,
  at: number,
): EvalRunResponse {
  const { monitor } = stored;
  const settings = settingsOf(monitor);
  const { filters = {}, signal_weights } = readFilters(settings);
  const scope = { world, project, monitorId: monitor.id, at };
  const body = {
    name: `[Monitor] ${monitor.name}`,
    metrics: monitor.metric_names,
    model: monitor.model,
    repeats: monitor.repeats,
    judges: monitor.judges,
    aggregate: monitor.aggregate,
    max_cost_usd: monitor.max_cost_usd,
    sampling_rate: monitor.sampling_rate,
    filters,
    signal_weights,
  };
  const run =
    settings.target_type === "TRACE"
      ? createRun(traceKind, scope, body, {})
      : createRun(sessionKind, scope, body, {});
  stored.seen = world.changes.count;
  stored.monitor = { ...monitor, last_run_at: isoTime(at), last_run_id: run.id };
  return run;
}

/** Fires each monitor at every tick that is due. */
export function fireDueMonitors(world: World, project: Project): void {
  const now = world.clock.now();
  for (const stored of project.monitors.values()) {
    for (;;) {
      const { next_run_at: next } = stored.monitor;
      if (next === null || Date.parse(next) > now) break;
      const at = Date.parse(next);
      stored.monitor = {
        ...stored.monitor,
        next_run_at: nextTick(stored.monitor, new Date(at)).toISOString(),
      };
      tick(world, project, stored, at);
    }
  }
}

function tick(world: World, project: Project, stored: StoredMonitor, at: number): void {
  const { only_if_changed: onlyIfChanged, sampling_rate: rate } = stored.monitor;
  if (rate === 0 || (onlyIfChanged && !hasChanged(project, stored))) return;
  try {
    runMonitor(world, project, stored, at);
  } catch (error) {
    // A tick that cannot create a run is skipped.
    if (!(error instanceof ProblemError)) throw error;
  }
}

/** Whether one of its targets was stored or changed since its last run. */
function hasChanged(project: Project, { monitor, seen }: StoredMonitor): boolean {
  const changed = [...project.traces.values()].filter((trace) => trace.changed > seen);
  const settings = settingsOf(monitor);
  const { filters = {} } = readFilters(settings);
  if (settings.target_type === "TRACE") {
    const ids = traceKind.matching(project, filters);
    return changed.some(({ fields }) => ids.includes(fields.trace_id));
  }
  const ids = sessionKind.matching(project, filters);
  return changed.some(({ fields }) => fields.session_id !== null && ids.includes(fields.session_id));
}
