import type { EvalRunTemplate, MetricSummary } from "@pandaprobe/contract";
import type { Judges } from "../../judge/judges.ts";
import { promptPreview } from "../../metrics/preview.ts";
import { traceMetrics } from "../../metrics/registry.ts";
import { sessionMetrics } from "../../metrics/session/registry.ts";
import { resolveTraceMetric } from "../runs/run-metrics.ts";

export function listTraceMetrics(): MetricSummary[] {
  return traceMetrics.map(({ name, description }) => ({ name, description, category: "trace" }));
}

export function listSessionMetrics(): MetricSummary[] {
  return sessionMetrics.map(({ name, description }) => ({ name, description, category: "session" }));
}

/** A request for a run, filled in for one metric. @throws ProblemError `unknown_metric` */
export function traceRunTemplate(judges: Judges, name: string): EvalRunTemplate {
  const metric = resolveTraceMetric(name);
  return {
    metric: {
      name: metric.name,
      description: metric.description,
      category: "trace",
      default_threshold: metric.defaultThreshold,
      prompt_preview: promptPreview(metric),
    },
    filters: {},
    sampling_rate: 1,
    model: judges.resolve(null, {}).model,
  };
}
