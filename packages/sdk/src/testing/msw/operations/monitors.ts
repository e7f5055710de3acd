import type { contract, MonitorResponse, MonitorStatus } from "@pandaprobe/contract";
import {
  changedSettings,
  checkCadence,
  judgedBy,
  nextTick,
  notFound,
  ProblemError,
  type RunSettings,
  settingsOf,
  shownSettings,
  tooManyMonitorsText,
} from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import { runMonitor } from "../monitors/run-monitor.ts";
import { checkSettings } from "../monitors/settings.ts";
import type { Handlers } from "../operation-handler.ts";
import { isoTime } from "../state/clock.ts";
import type { Project, StoredMonitor } from "../state/project.ts";
import type { World } from "../world.ts";

/** The server's defaults. */
export const mostMonitors = 100;
const shortestGapSeconds = 300;

/** For a monitor that has not seen any change yet. */
const nothingSeen = -1;

export const monitors: Handlers<typeof contract.monitors> = {
  createMonitor({ body, world, project, audited }) {
    checkCadence(body.cadence, shortestGapSeconds);
    const { target_type, metrics, filters = {}, signal_weights, sampling_rate } = body;
    const settings: RunSettings = {
      target_type,
      metric_names: [...new Set(metrics)],
      filters,
      signal_weights: signal_weights ?? undefined,
      sampling_rate,
      ...judgedBy(body),
      max_cost_usd: body.max_cost_usd ?? null,
    };
    checkSettings(world, project, settings);
    if (project.monitors.size >= mostMonitors) {
      const detail = tooManyMonitorsText(mostMonitors, project.monitors.size, "the server's QUOTA_MONITORS");
      throw new ProblemError("quota_exceeded", detail, { retryAfterSeconds: 3600 });
    }
    const now = world.clock.now();
    const { name, cadence, timezone, only_if_changed } = body;
    const schedule = { cadence, timezone, created_at: isoTime(now) };
    const monitor: MonitorResponse = {
      ...shownSettings(settings),
      ...schedule,
      id: world.ids.next(),
      project_id: project.id,
      name,
      only_if_changed,
      status: "ACTIVE",
      last_run_at: null,
      last_run_id: null,
      next_run_at: nextTick(schedule, new Date(now)).toISOString(),
      stretched_to_seconds: null,
      updated_at: schedule.created_at,
    };
    Object.assign(audited, { subject: monitor.id, details: { name } });
    project.monitors.set(monitor.id, { monitor, seen: nothingSeen, unwritten: new Set() });
    return monitor;
  },
  listMonitors({ query, project }) {
    const all = [...project.monitors.values()].map(({ monitor }) => monitor);
    const { status } = query;
    return pageOf(
      newestFirst(all.filter((monitor) => status === undefined || monitor.status === status)),
      query,
    );
  },
  getMonitor: ({ path, project }) => find(project, path.monitor_id).monitor,
  updateMonitor({ path, body, world, project }) {
    const stored = find(project, path.monitor_id);
    const { monitor } = stored;
    const before = settingsOf(monitor);
    const settings = changedSettings(before, body);
    if (!isSame(settings, before)) checkSettings(world, project, settings, before);
    const cadence = body.cadence ?? monitor.cadence;
    const timezone = body.timezone ?? monitor.timezone;
    const isRescheduled = cadence !== monitor.cadence || timezone !== monitor.timezone;
    if (cadence !== monitor.cadence) checkCadence(cadence, shortestGapSeconds);
    const now = world.clock.now();
    const { created_at, status } = monitor;
    // The budget does not change what is evaluated.
    if (!isSame({ ...settings, max_cost_usd: before.max_cost_usd }, before)) stored.seen = nothingSeen;
    stored.monitor = {
      ...monitor,
      ...shownSettings(settings),
      cadence,
      timezone,
      name: body.name ?? monitor.name,
      only_if_changed: body.only_if_changed ?? monitor.only_if_changed,
      updated_at: isoTime(now),
      ...(isRescheduled && status === "ACTIVE"
        ? { next_run_at: nextTick({ cadence, timezone, created_at }, new Date(now)).toISOString() }
        : {}),
    };
    return stored.monitor;
  },
  deleteMonitor({ path, project }) {
    if (!project.monitors.delete(path.monitor_id)) throw notFound("monitor", path.monitor_id);
    for (const { response } of project.runs.values()) {
      if (response.monitor_id === path.monitor_id) Object.assign(response, { monitor_id: null });
    }
    return undefined;
  },
  pauseMonitor: ({ path, world, project }) => setStatus(world, find(project, path.monitor_id), "PAUSED"),
  resumeMonitor: ({ path, world, project }) => setStatus(world, find(project, path.monitor_id), "ACTIVE"),
  triggerMonitor: ({ path, world, project }) =>
    runMonitor(world, project, find(project, path.monitor_id), world.clock.now()),
  listMonitorRuns({ path, query, project }) {
    const { monitor } = find(project, path.monitor_id);
    const runs = [...project.runs.values()].map(({ response }) => response);
    return pageOf(newestFirst(runs.filter(({ monitor_id }) => monitor_id === monitor.id)), query);
  },
};

function find(project: Project, id: string): StoredMonitor {
  const stored = project.monitors.get(id);
  if (stored === undefined) throw notFound("monitor", id);
  return stored;
}

/** A monitor that already has the status does not change. */
function setStatus(world: World, stored: StoredMonitor, status: MonitorStatus): MonitorResponse {
  const { monitor } = stored;
  if (monitor.status === status) return monitor;
  const now = world.clock.now();
  const next_run_at = status === "ACTIVE" ? nextTick(monitor, new Date(now)).toISOString() : null;
  stored.monitor = { ...monitor, status, next_run_at, updated_at: isoTime(now) };
  return stored.monitor;
}

function isSame(settings: RunSettings, before: RunSettings): boolean {
  return JSON.stringify(settings) === JSON.stringify(before);
}
