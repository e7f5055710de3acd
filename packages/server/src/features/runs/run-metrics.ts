import type { TraceMetric } from "../../metrics/metric.ts";
import { sessionOnlyMetrics, traceMetricNames } from "../../metrics/names.ts";
import { findTraceMetric } from "../../metrics/registry.ts";
import { ProblemError } from "../problem.ts";

/** The trace metrics of these names, each once, in the order they were asked for. */
export function resolveTraceMetrics(names: readonly string[]): TraceMetric[] {
  return [...new Set(names)].map(resolveTraceMetric);
}

export function resolveTraceMetric(name: string): TraceMetric {
  const metric = findTraceMetric(name);
  if (metric !== undefined) return metric;
  const detail = sessionOnlyMetrics.has(name)
    ? `The metric "${name}" needs a whole session: it runs in session runs, not on a trace by itself.`
    : `There is no trace metric ${JSON.stringify(name)}.`;
  throw new ProblemError("unknown_metric", `${detail} The trace metrics are ${traceMetricNames.join(", ")}.`);
}
