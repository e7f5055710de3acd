import { ProblemError } from "@pandaprobe/contract/rules";
import type { TraceMetric } from "../../metrics/metric.ts";
import { sessionOnlyMetrics, traceMetricNames } from "../../metrics/names.ts";
import { findTraceMetric } from "../../metrics/registry.ts";
import { sessionMetrics } from "../../metrics/session/registry.ts";
import type { SessionMetric } from "../../metrics/session/session-metric.ts";

/** @throws ProblemError `unknown_metric` */
export function resolveTraceMetric(name: string): TraceMetric {
  const metric = findTraceMetric(name);
  if (metric !== undefined) return metric;
  const detail = sessionOnlyMetrics.has(name)
    ? `The metric "${name}" needs a whole session: it runs in session runs, not on a trace by itself.`
    : `There is no trace metric ${JSON.stringify(name)}.`;
  throw new ProblemError("unknown_metric", `${detail} The trace metrics are ${traceMetricNames.join(", ")}.`);
}

/** @throws ProblemError `unknown_metric` */
export function resolveSessionMetric(name: string): SessionMetric {
  const metric = sessionMetrics.find((candidate) => candidate.name === name);
  if (metric !== undefined) return metric;
  const names = sessionMetrics.map((candidate) => candidate.name).join(", ");
  const detail =
    findTraceMetric(name) === undefined
      ? `There is no session metric ${JSON.stringify(name)}.`
      : `The metric "${name}" is one of single traces: it runs in trace runs.`;
  throw new ProblemError("unknown_metric", `${detail} The session metrics are ${names}.`);
}
