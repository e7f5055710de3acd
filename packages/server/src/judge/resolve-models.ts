import type { JudgeSettings } from "../config/judge-settings.ts";
import { isAllowed } from "./allowed-models.ts";
import { ModelError } from "./model-error.ts";
import { formatModelName, type ModelName, parseModelName } from "./model-name.ts";
import { priceOf } from "./prices/prices.ts";
import { llmProvider, llmProviders } from "./providers.ts";

/** The only model of the provider `heuristic`. */
export const HEURISTIC: ModelName = { provider: "heuristic", model: "v1" };

/**
 * The model that judges: the one asked for, else `EVAL_LLM_MODEL`, else the default model of the first configured
 * provider that is allowed, else the heuristic (which so is never chosen over a configured provider).
 *
 * @throws ModelError `unknown_model_provider`, `invalid_model_name`, `provider_not_configured`, `model_not_allowed`
 */
export function resolveModel(settings: JudgeSettings, requested: string | null): ModelName {
  if (requested !== null) return allowed(settings, configured(settings, requested, ""));
  if (settings.llmModel !== null) {
    return allowed(settings, configured(settings, settings.llmModel, " (EVAL_LLM_MODEL)"));
  }
  return defaultModel(settings);
}

/** The first of them that is allowed; where none is, the first that `JUDGE_MODELS` names in full. */
function defaultModel(settings: JudgeSettings): ModelName {
  const providers = llmProviders.filter((provider) => provider.missing(settings) === null);
  const defaults = providers.map(({ key, defaultModel: model }): ModelName => ({ provider: key, model }));
  const named = (settings.models ?? [])
    .filter((entry) => !entry.endsWith("*"))
    .map(parseModelName)
    .filter(({ provider }) => provider === "heuristic" || providers.some(({ key }) => key === provider));
  const candidates = [...(defaults.length > 0 ? defaults : [HEURISTIC]), ...named];
  const first = candidates.find((name) => isAllowed(settings.models, name));
  if (first !== undefined) return first;
  throw new ModelError(
    "model_not_allowed",
    `This server has no default judge: name a model. JUDGE_MODELS allows ${settings.models?.join(", ")}.`,
  );
}

/** @throws ModelError `model_not_allowed` for a model that is not among `JUDGE_MODELS`. */
function allowed({ models }: JudgeSettings, name: ModelName): ModelName {
  if (isAllowed(models, name)) return name;
  throw new ModelError(
    "model_not_allowed",
    `This server does not allow the model ${formatModelName(name)} as a judge. JUDGE_MODELS allows ${models?.join(", ")}.`,
  );
}

/**
 * The model that embeds for a run judged by `model`: the heuristic's own for the heuristic, else
 * `EVAL_EMBEDDING_MODEL`, else the default one of the first configured provider that has embeddings.
 *
 * @throws ModelError `embedding_model_not_configured`
 */
export function resolveEmbeddingModel(settings: JudgeSettings, { provider }: ModelName): ModelName {
  if (provider === "heuristic") return HEURISTIC;
  if (settings.embeddingModel !== null) return configuredEmbedding(settings, settings.embeddingModel);
  for (const { key, defaultEmbeddingModel, missing } of llmProviders) {
    if (defaultEmbeddingModel !== null && missing(settings) === null) {
      return { provider: key, model: defaultEmbeddingModel };
    }
  }
  throw new ModelError(
    "embedding_model_not_configured",
    `This needs an embedding model, and ${provider} has none. Set EVAL_EMBEDDING_MODEL, for example to ` +
      "openai/text-embedding-3-small with OPENAI_API_KEY, or leave out the metrics that embed.",
  );
}

/** What limits what a run may cost. */
export type CostLimit = "max_cost_usd" | "QUOTA_USD_PER_DAY";

/**
 * Makes sure that a run with a budget knows the price of a model. The heuristic is free.
 *
 * @throws ModelError `price_unknown`
 */
export function requirePrice({ prices }: JudgeSettings, name: ModelName, limit: CostLimit): void {
  const model = formatModelName(name);
  if (llmProvider(name.provider) === undefined || priceOf(prices, model) !== null) return;
  throw new ModelError(
    "price_unknown",
    limit === "max_cost_usd"
      ? `A run with max_cost_usd needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.`
      : `This server limits what projects spend in a day (QUOTA_USD_PER_DAY), so a run needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server.`,
  );
}

function configured(settings: JudgeSettings, text: string, source: string): ModelName {
  const name = parseModelName(text);
  const provider = llmProvider(name.provider);
  if (provider === undefined) return knownHeuristic(name);
  const missing = provider.missing(settings);
  if (missing === null) return name;
  throw new ModelError(
    "provider_not_configured",
    `The model ${formatModelName(name)}${source} needs ${provider.name}, which is not configured on this server. ${missing}`,
  );
}

function configuredEmbedding(settings: JudgeSettings, text: string): ModelName {
  const name = parseModelName(text);
  const provider = llmProvider(name.provider);
  if (provider === undefined) return knownHeuristic(name);
  const problem =
    provider.defaultEmbeddingModel === null
      ? `${provider.name} has no embedding models. Name another one.`
      : provider.missing(settings);
  if (problem === null) return name;
  throw new ModelError(
    "embedding_model_not_configured",
    `EVAL_EMBEDDING_MODEL is ${formatModelName(name)}, which cannot be used. ${problem}`,
  );
}

function knownHeuristic(name: ModelName): ModelName {
  if (name.model === HEURISTIC.model) return HEURISTIC;
  throw new ModelError(
    "unknown_model_provider",
    `There is no model ${formatModelName(name)}: the heuristic has one model, ${formatModelName(HEURISTIC)}.`,
  );
}
