import { EvalRunFilters, SessionEvalRunFilters } from "@pandaprobe/contract";
import { type RunSettings, type Selection, selectionOf } from "@pandaprobe/contract/rules";
import { type Judges, resolveJudges } from "../judges.ts";
import { metricsToJudge, resolveMetrics } from "../metrics/latest-metrics.ts";
import type { Project } from "../state/project.ts";

/**
 * @param before the stored settings: values that did not change may exceed the limits of requests.
 * @throws ProblemError if no run could have these settings
 */
export function checkSettings(
  judges: Judges,
  project: Project,
  settings: RunSettings,
  before?: RunSettings,
): void {
  const metrics = resolveMetrics(project, settings.target_type, settings.metric_names);
  readSelection(settings, before);
  resolveJudges(judges, settings, metricsToJudge(metrics), settings.max_cost_usd);
}

/** @throws ProblemError */
export function readSelection(
  settings: RunSettings,
  before?: RunSettings,
): Selection<EvalRunFilters & SessionEvalRunFilters> {
  const schema = settings.target_type === "TRACE" ? EvalRunFilters : SessionEvalRunFilters;
  return selectionOf<EvalRunFilters & SessionEvalRunFilters>(schema, settings, before);
}
