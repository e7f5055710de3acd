import type { ProjectQuotas } from "../../../config/project-limits.ts";
import type { Row } from "../../../db/schema.ts";
import type { Judges } from "../../../judge/judges.ts";
import type { RunMetric } from "../target-kinds/target-kind.ts";

/** What a run needs from its judge. */
export interface JudgeRequest {
  /** The requested model; `null` or `undefined`: the server's default. */
  readonly model: string | null | undefined;
  readonly metrics: readonly RunMetric[];
  /** The budget of the run in USD. With one, its models must have prices. */
  readonly maxCostUsd: number | null;
  /** Of the run's project. With a spending quota, the models must have prices too. */
  readonly quotas: Pick<ProjectQuotas, "usdPerDay">;
}

/**
 * Resolves the models that a run's metrics call, as `provider/model`.
 *
 * @throws ProblemError if a model cannot be used, so that the run is refused at once rather than failing per target.
 */
export function resolveJudge(
  judges: Judges,
  { model: requested, metrics, maxCostUsd, quotas }: JudgeRequest,
): Pick<Row<"eval_runs">, "embedding_model"> & { model: string } {
  const needs = {
    questions: metrics.some((metric) => metric.asks),
    embeddings: metrics.some((metric) => metric.embeds),
    ...(maxCostUsd !== null
      ? { prices: "max_cost_usd" as const }
      : quotas.usdPerDay > 0 && { prices: "QUOTA_USD_PER_DAY" as const }),
  };
  const { model, embeddingModel } = judges.resolve(requested ?? null, needs);
  return { model, embedding_model: embeddingModel };
}
