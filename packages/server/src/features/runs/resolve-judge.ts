import type { Row } from "../../db/schema.ts";
import type { Judges } from "../../judge/judges.ts";
import { ModelError } from "../../judge/model-error.ts";
import { ProblemError } from "../problem.ts";
import type { RunMetric } from "./target-kinds/target-kind.ts";

/** The models that a run's metrics will ask, as `provider/model`; refused now rather than once for each target. */
export function resolveJudge(
  judges: Judges,
  requested: string | null | undefined,
  metrics: readonly RunMetric[],
): Pick<Row<"eval_runs">, "embedding_model"> & { model: string } {
  try {
    const needs = { embeddings: metrics.some((metric) => metric.embeds) };
    const { model, embeddingModel } = judges.resolve(requested ?? null, needs);
    return { model, embedding_model: embeddingModel };
  } catch (error) {
    if (error instanceof ModelError) throw new ProblemError(error.code, error.message);
    throw error;
  }
}
