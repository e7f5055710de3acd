import {
  asksQuestions,
  judgeOf,
  type MetricToJudge,
  type OwnMetric,
  resolveMetric,
  type StoredOwnMetric,
  type TargetType,
} from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";

/** The latest version of the project's own metric with this name, unless it was deleted. */
export function latestMetric({ metrics }: Project, name: string): StoredOwnMetric | undefined {
  const stored = metrics.get(name);
  const latest = stored?.versions[0];
  if (stored === undefined || latest === undefined) return undefined;
  const { version, definition, created_at: updated_at } = latest;
  return { name, version, definition, created_at: stored.createdAt, updated_at };
}

/** A version of the project's own metric, if it is still stored. */
export function metricAt({ metrics }: Project, name: string, version: number): OwnMetric | undefined {
  const kept = metrics.get(name)?.versions.find((each) => each.version === version);
  return kept && { name, version, definition: kept.definition };
}

/** By name. */
export function latestMetrics(project: Project): StoredOwnMetric[] {
  return [...project.metrics.keys()]
    .sort()
    .map((name) => latestMetric(project, name))
    .filter((metric) => metric !== undefined);
}

/** The metrics of a run: their names, each once, and the definitions of the project's own. */
export interface RunMetrics {
  readonly metrics: readonly string[];
  readonly own: ReadonlyMap<string, OwnMetric>;
}

/** @throws ProblemError `unknown_metric` for a metric that runs over such targets cannot use. */
export function resolveMetrics(project: Project, type: TargetType, names: readonly string[]): RunMetrics {
  const metrics = [...new Set(names)];
  const own = new Map<string, OwnMetric>();
  const ownNames = latestMetrics(project).map(({ name }) => name);
  for (const name of metrics) {
    const metric = latestMetric(project, name);
    resolveMetric(type, name, metric, ownNames);
    if (metric !== undefined) own.set(name, metric);
  }
  return { metrics, own };
}

/** The fields of a run's metrics that decide who judges them. */
export function metricsToJudge({ metrics, own }: RunMetrics): MetricToJudge[] {
  return metrics.map((name) => {
    const definition = own.get(name)?.definition;
    if (definition === undefined) return { name, usesModel: true, model: null };
    return { name, usesModel: asksQuestions(definition), model: judgeOf(definition) };
  });
}
