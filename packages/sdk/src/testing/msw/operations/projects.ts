import type { contract } from "@pandaprobe/contract";
import { noSuchProject } from "@pandaprobe/contract/rules";
import { pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { isoTime } from "../state/clock.ts";
import type { Project } from "../state/project.ts";
import { mostMonitors } from "./monitors.ts";

const dayMs = 86_400_000;

export const projects: Handlers<typeof contract.projects> = {
  listProjects({ query, caller, store }) {
    const opened = caller?.key.projects ?? null;
    const items = store
      .projects()
      .filter(([name]) => opened === null || opened.includes(name))
      .map(([name, project]) => ({
        id: project.id,
        name,
        created_at: project.createdAt ?? "",
        traces: project.traces.size,
        last_trace_at: lastTraceAt(project),
      }));
    return pageOf(items, query);
  },
  getProjectUsage({ path, project, world }) {
    if (project.createdAt === null) throw noSuchProject(path.project_name);
    const midnight = Math.floor(world.clock.now() / dayMs) * dayMs;
    return {
      project: path.project_name,
      traces: { used: project.traces.size, limit: null },
      bytes: { used: bytesOf(project), limit: null },
      monitors: { used: project.monitors.size, limit: mostMonitors },
      runs_today: { used: project.runTimes.filter((time) => time >= midnight).length, limit: null },
      usd_today: { used: 0, limit: null },
      usd_committed: 0,
      resets_at: isoTime(midnight + dayMs),
    };
  },
  deleteProject({ path, store }) {
    if (!store.deleteProject(path.project_name)) throw noSuchProject(path.project_name);
    return undefined;
  },
};

function lastTraceAt({ traces }: Project): string | null {
  const starts = [...traces.values()].map(({ fields }) => fields.started_at);
  return starts.reduce<string | null>((last, start) => (last === null || start > last ? start : last), null);
}

function bytesOf({ traces }: Project): number {
  return [...traces.values()]
    .flatMap(({ fields, spans }) => [fields, ...spans.values()])
    .reduce((sum, { input, output, metadata }) => sum + JSON.stringify([input, output, metadata]).length, 0);
}
