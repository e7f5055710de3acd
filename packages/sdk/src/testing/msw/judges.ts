import {
  checkHeuristicModel,
  distinctJudges,
  formatModelName,
  heuristicModel,
  type JudgedBy,
  type JudgedByRequest,
  judgedBy,
  type MetricToJudge,
  metricJudges,
  notConfigured,
  type ProviderKey,
  parseModelName,
  unknownPrice,
} from "@pandaprobe/contract/rules";

/** The judges of the mock server. */
export interface Judges {
  /** The keys of the providers that count as configured. */
  readonly providers: readonly string[];
  /** The models without a price, as `provider/model`. */
  readonly unpriced: readonly string[];
}

export function isConfigured({ providers }: Judges, key: ProviderKey): boolean {
  return key === "heuristic" || providers.includes(key);
}

/** Who judges a run, with resolved models. */
export interface ResolvedJudges {
  readonly by: JudgedBy;
  /** The judges of metrics that have their own, by metric. */
  readonly others: ReadonlyMap<string, string>;
}

/**
 * Who judges a run. Default: the heuristic, once.
 *
 * @param metrics the metrics of the run.
 * @param maxCostUsd the run's budget; with one, its judges must have prices.
 * @param isRequested whether the request names the judge or jury. Default: if `requested` does.
 * @throws ProblemError `unknown_model_provider`, `invalid_model_name`, `provider_not_configured`, `price_unknown`,
 * `validation_error`
 */
export function resolveJudges(
  judges: Judges,
  requested: JudgedByRequest,
  metrics: readonly MetricToJudge[],
  maxCostUsd: number | null | undefined,
  isRequested?: boolean,
): ResolvedJudges {
  const by = judgedBy(requested);
  const { model: named, others } = metricJudges(by, metrics, isRequested);
  const resolve = (model: string | null) => resolveModel(judges, model, maxCostUsd);
  if (by.judges !== null) return { by: { ...by, judges: distinctJudges(by.judges.map(resolve)) }, others };
  const model = resolve(named);
  const ofMetrics = [...others].map(([metric, other]) => [metric, resolve(other)] as const);
  return { by: { ...by, model }, others: new Map(ofMetrics.filter(([, other]) => other !== model)) };
}

/** @param requested `null`: the heuristic. @throws ProblemError for a model that cannot be used. */
export function resolvedModel(judges: Judges, requested: string | null): string {
  return resolveModel(judges, requested, null);
}

function resolveModel(
  judges: Judges,
  requested: string | null,
  maxCostUsd: number | null | undefined,
): string {
  const name = requested === null ? heuristicModel : parseModelName(requested);
  if (name.provider === "heuristic") checkHeuristicModel(name);
  if (!isConfigured(judges, name.provider)) throw notConfigured(name);
  const model = formatModelName(name);
  if (maxCostUsd != null && judges.unpriced.includes(model)) throw unknownPrice(model);
  return model;
}
