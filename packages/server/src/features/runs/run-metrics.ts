import { findSessionMetric, type SessionMetric, unknownMetric } from "@pandaprobe/contract/rules";
import type { TraceMetric } from "../../metrics/metric.ts";
import { findTraceMetric } from "../../metrics/registry.ts";

/** @throws ProblemError `unknown_metric` */
export function resolveTraceMetric(name: string): TraceMetric {
  const metric = findTraceMetric(name);
  if (metric === undefined) throw unknownMetric("trace", name);
  return metric;
}

/** @throws ProblemError `unknown_metric` */
export function resolveSessionMetric(name: string): SessionMetric {
  const metric = findSessionMetric(name);
  if (metric === undefined) throw unknownMetric("session", name);
  return metric;
}
