import type { Quotas } from "../../../config/project-limits.ts";
import type { Row } from "../../../db/schema.ts";
import type { Judges } from "../../../judge/judges.ts";
import type { RunMetric } from "../target-kinds/target-kind.ts";

/** What a run asks of its judge. */
export interface JudgeRequest {
  /** As it was asked for; `null` or left out: the server's default. */
  readonly model: string | null | undefined;
  readonly metrics: readonly RunMetric[];
  /** The most that the run may cost; then what is asked must have a price. */
  readonly maxCostUsd: number | null;
  /** With a quota of spending, too, what is asked must have a price. */
  readonly quotas: Quotas;
}

/** The models that a run's metrics will ask, as `provider/model`; refused now rather than once for each target. */
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
