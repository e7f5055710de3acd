import type { EvalRunTemplate } from "@pandaprobe/contract";
import type { Judges } from "../../judge/judges.ts";
import { promptPreview } from "../../metrics/preview.ts";
import { resolveTraceMetric } from "../runs/target-kinds/trace-kind.ts";

/** The body of a request that creates a run with one metric. @throws ProblemError `unknown_metric` */
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
