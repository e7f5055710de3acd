import type { EvalRunTemplate } from "@pandaprobe/contract";
import { judgeOf } from "@pandaprobe/contract/rules";
import type { Database } from "../../../db/database.ts";
import type { Judges } from "../../../judge/judges.ts";
import { promptPreview } from "../../../metrics/preview.ts";
import { findOwnMetrics } from "../../metrics/own-metrics.ts";
import { resolveTraceMetric } from "../target-kinds/trace-kind.ts";

/** The body of a request that creates a run with one metric. @throws ProblemError `unknown_metric` */
export async function traceRunTemplate(
  { db, judges }: { readonly db: Database; readonly judges: Judges },
  projectId: string,
  name: string,
): Promise<EvalRunTemplate> {
  const own = await findOwnMetrics(db, projectId, [name]);
  const definition = own.get(name)?.definition;
  const metric = resolveTraceMetric(name, own.get(name));
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
    model: judges.resolve(definition === undefined ? null : judgeOf(definition), {}).model,
  };
}
