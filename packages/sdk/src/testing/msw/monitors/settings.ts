import { EvalRunFilters, SessionEvalRunFilters, SignalWeights } from "@pandaprobe/contract";
import { invalidField, type RunSettings, schemaProblem } from "@pandaprobe/contract/rules";
import { type Judges, resolveJudges } from "../judges.ts";
import { metricsToJudge, resolveMetrics } from "../metrics/latest-metrics.ts";
import type { Project } from "../state/project.ts";

interface Schema<Value> {
  safeParse(value: unknown): { data?: Value; error?: { issues: readonly unknown[] } | undefined };
}

/** @throws ProblemError if no run could have these settings */
export function checkSettings(judges: Judges, project: Project, settings: RunSettings): void {
  const metrics = resolveMetrics(project, settings.target_type, settings.metric_names);
  readFilters(settings);
  resolveJudges(judges, settings, metricsToJudge(metrics), settings.max_cost_usd);
}

/** The filters and the signal weights of its runs. @throws ProblemError */
export function readFilters({ target_type: type, filters, signal_weights: weights }: RunSettings) {
  if (weights !== undefined && type === "TRACE") {
    throw invalidField("validation_error", "signal_weights", "goes with the target type SESSION only");
  }
  const schema: Schema<EvalRunFilters & SessionEvalRunFilters> =
    type === "TRACE" ? EvalRunFilters : SessionEvalRunFilters;
  return {
    filters: parsed(schema, filters, "filters", "invalid_filters"),
    signal_weights:
      weights === undefined
        ? undefined
        : parsed(SignalWeights, weights, "signal_weights", "invalid_signal_weights"),
  };
}

function parsed<Value>(
  schema: Schema<Value>,
  value: unknown,
  field: string,
  code: "invalid_filters" | "invalid_signal_weights",
): Value | undefined {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const issues = error.issues as Parameters<typeof schemaProblem>[1][number]["issue"][];
  throw schemaProblem(
    code,
    issues.map((issue) => ({ at: ["body", field], issue })),
  );
}
