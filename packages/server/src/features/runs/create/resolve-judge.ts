import { distinctJudges, type JudgedByRequest, judgedBy, metricJudges } from "@pandaprobe/contract/rules";
import type { ProjectQuotas } from "../../../config/project-limits.ts";
import type { Row } from "../../../db/schema.ts";
import { HEURISTIC_MODEL } from "../../../judge/heuristic/heuristic-judge.ts";
import type { Judges } from "../../../judge/judges.ts";
import type { RunMetric } from "../target-kinds/target-kind.ts";

/** What a run needs from its judges. */
export interface JudgeRequest {
  /** The requested judge or jury, and how often it judges. */
  readonly by: JudgedByRequest;
  /** Whether the request names the judge or jury, which then counts for all metrics. Default: if `by` does. */
  readonly isRequested?: boolean;
  readonly metrics: readonly RunMetric[];
  /** The budget of the run in USD. With one, its models must have prices. */
  readonly maxCostUsd: number | null;
  /** Of the run's project. With a spending quota, the models must have prices too. */
  readonly quotas: Pick<ProjectQuotas, "usdPerDay">;
}

/**
 * The `model` of a run with a jury. No job for a single model counts with it, and a server from before juries fails its
 * items instead of asking one judge.
 */
const juryModel = "jury";

/** Who judges a run. */
export interface ResolvedJudges {
  /** Of the run. */
  readonly columns: Pick<Row<"eval_runs">, "embedding_model" | "repeats" | "judges" | "aggregate"> & {
    model: string;
  };
  /** The judges of metrics that have their own, by metric. */
  readonly others: ReadonlyMap<string, string>;
}

/**
 * Resolves the models that a run's metrics call, as `provider/model`.
 *
 * @throws ProblemError if a model cannot be used, so that the run is refused at once rather than failing per target.
 */
export function resolveJudge(
  judges: Judges,
  { by, isRequested, metrics, maxCostUsd, quotas }: JudgeRequest,
): ResolvedJudges {
  const requested = judgedBy(by);
  const { judges: jury, repeats, aggregate } = requested;
  const { model, others } = metricJudges(
    requested,
    metrics.map((metric) => ({
      name: metric.name,
      usesModel: metric.asks || metric.embeds,
      model: metric.model ?? null,
    })),
    isRequested,
  );
  const prices =
    maxCostUsd !== null
      ? { prices: "max_cost_usd" as const }
      : quotas.usdPerDay > 0 && { prices: "QUOTA_USD_PER_DAY" as const };
  const needs = {
    questions: metrics.some((metric) => metric.asks && !others.has(metric.name)),
    embeddings: metrics.some((metric) => metric.embeds),
    ...prices,
  };
  if (jury === null) {
    const { model: resolved, embeddingModel } = judges.resolve(model, needs);
    const ofMetrics = [...others].map(
      ([metric, other]) => [metric, judges.resolve(other, { questions: true, ...prices }).model] as const,
    );
    return {
      columns: { model: resolved, embedding_model: embeddingModel, repeats, judges: null, aggregate },
      others: new Map(ofMetrics.filter(([, other]) => other !== resolved)),
    };
  }
  const members = jury.map((member) => judges.resolve(member, needs));
  const embedding = members.find((member) => member.model !== HEURISTIC_MODEL) ?? members[0];
  const columns = {
    model: juryModel,
    embedding_model: embedding?.embeddingModel ?? null,
    repeats,
    judges: distinctJudges(members.map((member) => member.model)),
    aggregate,
  };
  return { columns, others: new Map() };
}
