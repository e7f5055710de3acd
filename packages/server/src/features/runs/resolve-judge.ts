import type { Judges } from "../../judge/judges.ts";
import { ModelError } from "../../judge/model-error.ts";
import { ProblemError } from "../problem.ts";
import type { RunMetric } from "./target-kinds/target-kind.ts";

/** The judge that a run's metrics will ask, as `provider/model`; refused now rather than once for each target. */
export function resolveJudge(
  judges: Judges,
  model: string | null | undefined,
  metrics: readonly RunMetric[],
): string {
  try {
    return judges.resolve(model ?? null, { embeddings: metrics.some((metric) => metric.embeds) }).model;
  } catch (error) {
    if (error instanceof ModelError) throw new ProblemError(error.code, error.message);
    throw error;
  }
}
