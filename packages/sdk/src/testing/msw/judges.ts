import {
  checkHeuristicModel,
  formatModelName,
  heuristicModel,
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
 * The judge of a run, as `provider/model`. Default: the heuristic.
 *
 * @param maxCostUsd the run's budget: its judge must have a price then.
 * @throws ProblemError `unknown_model_provider`, `invalid_model_name`, `provider_not_configured`, `price_unknown`
 */
export function resolveModel(
  judges: Judges,
  requested: string | null | undefined,
  maxCostUsd: number | null | undefined,
): string {
  const name = requested == null ? heuristicModel : parseModelName(requested);
  if (name.provider === "heuristic") checkHeuristicModel(name);
  if (!isConfigured(judges, name.provider)) throw notConfigured(name);
  const model = formatModelName(name);
  if (maxCostUsd != null && judges.unpriced.includes(model)) throw unknownPrice(model);
  return model;
}
