import { z } from "zod";
import { ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import { text } from "./common/text.ts";
import { RunUsage } from "./eval-runs.ts";
import { modelName } from "./judging.ts";
import { MetricDefinition, metricVersion } from "./metric-definitions.ts";

const most = limits.ownMetric.tried;

export const TryMetricRequest = z
  .strictObject({
    trace_ids: list(uuid, 1, most).nullish().describe("The traces, for a metric of traces."),
    session_ids: list(text(0, limits.label), 1, most)
      .nullish()
      .describe("The sessions, for a metric with the target SESSION."),
    definition: MetricDefinition.nullish().describe(
      "A draft to try instead of a stored version. It is not stored, and the metric need not exist.",
    ),
    version: metricVersion
      .nullish()
      .describe("A stored version of the metric. Default: the latest. Not together with `definition`."),
    model: modelName
      .nullish()
      .describe("The judge as `provider/model`. Default: the one in the definition, or the server's."),
  })
  .superRefine(({ trace_ids, session_ids, definition, version }, report) => {
    const refuse = (path: string, message: string) =>
      report.addIssue({ code: "custom", path: [path], message });
    if ((trace_ids == null) === (session_ids == null)) {
      refuse("trace_ids", "or session_ids must be given, but not both");
    }
    if (definition != null && version != null) {
      refuse("version", "cannot be combined with definition: try either a draft or a version");
    }
  })
  .meta({
    id: "TryMetricRequest",
    examples: [{ trace_ids: ["11111111-1111-1111-1111-111111111111"] }],
  });
export type TryMetricRequest = z.infer<typeof TryMetricRequest>;

export const MetricTrialResult = z
  .object({
    trace_id: uuid.nullable().describe("`null` for a session."),
    session_id: z.string().nullable().describe("`null` for a trace."),
    status: ScoreStatus.describe("FAILED if there is no score; `reason` then says why."),
    value: z.string().nullable().describe("As that of a score."),
    reason: z.string().nullable(),
    metadata: z
      .record(z.string(), z.unknown())
      .describe("As that of a score: the answers, the threshold, whether it passed, the judge."),
    usage: RunUsage,
  })
  .meta({ id: "MetricTrialResult", description: "The result of a metric for a trace or a session." });
export type MetricTrialResult = z.infer<typeof MetricTrialResult>;

export const MetricTrial = z
  .object({
    name: z.string(),
    version: z.int().nullable().describe("0 for a draft, `null` for a built-in metric."),
    model: z.string().nullable().describe("The judge, as `provider/model`. `null` if the metric asks none."),
    results: z.array(MetricTrialResult).describe("In the order of the request, each target once."),
  })
  .meta({ id: "MetricTrial" });
export type MetricTrial = z.infer<typeof MetricTrial>;
