import {
  checkHeuristicModel,
  distinctJudges,
  formatModelName,
  heuristicModel,
  type JudgedBy,
  type JudgedByRequest,
  judgedBy,
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

/**
 * Who judges a run, with resolved models. Default: the heuristic, once.
 *
 * @param maxCostUsd the run's budget: its judges must have prices then.
 * @throws ProblemError `unknown_model_provider`, `invalid_model_name`, `provider_not_configured`, `price_unknown`,
 * `validation_error`
 */
export function resolveJudges(
  judges: Judges,
  requested: JudgedByRequest,
  maxCostUsd: number | null | undefined,
): JudgedBy {
  const by = judgedBy(requested);
  if (by.judges === null) return { ...by, model: resolveModel(judges, by.model, maxCostUsd) };
  return { ...by, judges: distinctJudges(by.judges.map((model) => resolveModel(judges, model, maxCostUsd))) };
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
