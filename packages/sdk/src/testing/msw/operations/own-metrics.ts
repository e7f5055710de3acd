import { type contract, limits } from "@pandaprobe/contract";
import {
  builtInMetricItems,
  builtInMetricResponse,
  checkMetricCount,
  checkNewMetricName,
  isSameDefinition,
  judgeOf,
  noOwnMetric,
  notFound,
  ownMetricItem,
  ownMetricResponse,
  triedMetric,
} from "@pandaprobe/contract/rules";
import { resolvedModel } from "../judges.ts";
import { pageOf } from "../lists.ts";
import { latestMetric, latestMetrics, metricAt } from "../metrics/latest-metrics.ts";
import type { Handlers } from "../operation-handler.ts";
import { runTrial } from "../runs/run-trial.ts";
import { isoTime } from "../state/clock.ts";
import type { StoredMetric } from "../state/project.ts";

export const ownMetrics: Handlers<typeof contract.ownMetrics> = {
  listMetrics({ project }) {
    const own = latestMetrics(project);
    return [...builtInMetricItems(own.map(({ name }) => name)), ...own.map(ownMetricItem)];
  },
  getMetric({ project, path }) {
    const own = latestMetric(project, path.name);
    const found = own === undefined ? builtInMetricResponse(path.name) : ownMetricResponse(own);
    if (found === undefined) throw notFound("metric", path.name);
    return found;
  },
  putMetric({ project, path, body, world, audited }) {
    const { name } = path;
    resolvedModel(world, judgeOf(body));
    const before = latestMetric(project, name);
    if (before === undefined) {
      checkNewMetricName(name);
      checkMetricCount(latestMetrics(project).length);
    }
    if (before === undefined || !isSameDefinition(before.definition, body)) {
      const now = isoTime(world.clock.now());
      const stored: StoredMetric = project.metrics.get(name) ?? { version: 0, createdAt: now, versions: [] };
      stored.version += 1;
      if (before === undefined) stored.createdAt = now;
      stored.versions.unshift({ version: stored.version, definition: body, created_at: now });
      stored.versions.splice(limits.ownMetric.versions);
      project.metrics.set(name, stored);
    }
    const metric = latestMetric(project, name);
    if (metric === undefined) throw new TypeError("A metric that was just stored is there.");
    audited.details = { version: metric.version };
    return ownMetricResponse(metric);
  },
  tryMetric({ project, path, body, world }) {
    const { name } = path;
    const stored = body.version == null ? latestMetric(project, name) : metricAt(project, name, body.version);
    const isNew = latestMetric(project, name) === undefined;
    return runTrial({ world, project }, name, body, triedMetric(name, body, { stored, isNew }));
  },
  listMetricVersions({ project, path, query }) {
    const versions = project.metrics.get(path.name)?.versions ?? [];
    if (versions.length === 0) throw noOwnMetric(path.name);
    return pageOf(versions, query);
  },
  deleteMetric({ project, path }) {
    const stored = project.metrics.get(path.name);
    if (stored === undefined || stored.versions.length === 0) throw noOwnMetric(path.name);
    stored.versions = [];
    return undefined;
  },
};
