import type { EvalRunResponse, MonitorResponse } from "@pandaprobe/contract";
import { nextTick, ProblemError, settingsOf, type TargetType } from "@pandaprobe/contract/rules";
import { newestFirst } from "../lists.ts";
import { createRun } from "../runs/create-run.ts";
import { sessionKind, traceKind } from "../runs/target-kind.ts";
import { isoTime } from "../state/clock.ts";
import {
  type Project,
  type StoredMonitor,
  type StoredTrace,
  sessionScoresOf,
  traceScoresOf,
} from "../state/project.ts";
import { sessionContent, traceContent } from "../traces/trace-content.ts";
import { findTrace } from "../traces/trace-store.ts";
import type { World } from "../world.ts";
import { readSelection } from "./settings.ts";

/** How long a trace whose root has not ended must not change before ticks include it. The server's default. */
const quietMs = 30_000;

/**
 * Creates a run of a monitor, and records it there.
 *
 * @param unwritten leaves out targets with these traces.
 * @throws ProblemError
 */
export function runMonitor(
  world: World,
  project: Project,
  stored: StoredMonitor,
  at: number,
  unwritten: readonly StoredTrace[] = [],
): EvalRunResponse {
  const { monitor } = stored;
  const settings = settingsOf(monitor);
  const { filters, signal_weights } = readSelection(settings, settings);
  const leftOut = targetsOf(settings.target_type, unwritten);
  const scope = { world, project, monitorId: monitor.id, at, leftOut };
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
  stored.unwritten = new Set(unwritten.map(({ fields }) => fields.trace_id));
  stored.monitor = { ...monitor, last_run_at: isoTime(at), last_run_id: run.id };
  return run;
}

/** Fires all due ticks of each monitor. */
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
  const unwritten = [...project.traces.values()].filter((trace) => isBeingWritten(trace, at));
  if (rate === 0 || (onlyIfChanged && !hasChanged(project, stored, unwritten))) return;
  try {
    runMonitor(world, project, stored, at, unwritten);
  } catch (error) {
    // A tick that cannot create a run is skipped.
    if (!(error instanceof ProblemError)) throw error;
  }
}

function isBeingWritten({ fields, changedAt }: StoredTrace, at: number): boolean {
  return fields.status === "RUNNING" && fields.ended_at === null && changedAt > at - quietMs;
}

/**
 * Whether one of its targets was stored, changed or became quiet since its last run, with content that was
 * not judged yet.
 */
function hasChanged(
  project: Project,
  { monitor, seen, unwritten: before }: StoredMonitor,
  unwritten: readonly StoredTrace[],
): boolean {
  const settings = settingsOf(monitor);
  const { target_type: type } = settings;
  const { filters } = readSelection(settings, settings);
  const changed = [...project.traces.values()].filter(
    (trace) => trace.changed > seen || before.has(trace.fields.trace_id),
  );
  const leftOut = targetsOf(type, unwritten);
  const kind = type === "TRACE" ? traceKind : sessionKind;
  const ids = new Set(kind.matching(project, filters).filter((id) => !leftOut.has(id)));
  return [...targetsOf(type, changed)].some((id) => ids.has(id) && !isJudged(project, monitor, id));
}

/** The ids of the targets with these traces. */
function targetsOf(type: TargetType, traces: readonly StoredTrace[]): ReadonlySet<string> {
  return new Set(
    traces.flatMap(({ fields }) => (type === "TRACE" ? fields.trace_id : (fields.session_id ?? []))),
  );
}

/** Whether the monitor's runs last judged the target's current content. */
function isJudged(project: Project, { id, target_type: type }: MonitorResponse, targetId: string): boolean {
  const ofTraces = type === "TRACE";
  const now = ofTraces ? traceContent(findTrace(project, targetId)) : sessionContent(project, targetId);
  const scores = ofTraces
    ? traceScoresOf(project).filter((score) => score.trace_id === targetId)
    : sessionScoresOf(project).filter((score) => score.session_id === targetId);
  const own = scores.filter(
    ({ eval_run_id: run }) => run !== null && project.runs.get(run)?.response.monitor_id === id,
  );
  return newestFirst(own)[0]?.content === now;
}
