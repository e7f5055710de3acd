import {
  checkHeuristicModel,
  formatModelName,
  heuristicModel,
  ModelError,
  type ModelName,
  notConfigured,
  parseModelName,
  unknownPrice,
} from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../config/judge-settings.ts";
import { isAllowed } from "./allowed-models.ts";
import { priceOf } from "./prices/prices.ts";
import { llmProvider, llmProviders } from "./providers.ts";

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
  const providers = llmProviders.filter((provider) => provider.isConfigured(settings));
  const defaults = providers.map(({ key, defaultModel: model }): ModelName => ({ provider: key, model }));
  const named = (settings.models ?? [])
    .filter((entry) => !entry.endsWith("*"))
    .map(parseModelName)
    .filter(({ provider }) => provider === "heuristic" || providers.some(({ key }) => key === provider));
  const candidates = [...(defaults.length > 0 ? defaults : [heuristicModel]), ...named];
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
  if (provider === "heuristic") return heuristicModel;
  if (settings.embeddingModel !== null) return configuredEmbedding(settings, settings.embeddingModel);
  for (const { key, defaultEmbeddingModel, isConfigured } of llmProviders) {
    if (defaultEmbeddingModel !== null && isConfigured(settings)) {
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
  if (limit === "max_cost_usd") throw unknownPrice(model);
  throw new ModelError(
    "price_unknown",
    `This server limits what projects spend in a day (QUOTA_USD_PER_DAY), so a run needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server.`,
  );
}

function configured(settings: JudgeSettings, text: string, source: string): ModelName {
  const name = parseModelName(text);
  const provider = llmProvider(name.provider);
  if (provider === undefined) return checkHeuristicModel(name);
  if (provider.isConfigured(settings)) return name;
  throw notConfigured(name, source);
}

function configuredEmbedding(settings: JudgeSettings, text: string): ModelName {
  const name = parseModelName(text);
  const provider = llmProvider(name.provider);
  if (provider === undefined) return checkHeuristicModel(name);
  const hasEmbeddings = provider.defaultEmbeddingModel !== null;
  if (hasEmbeddings && provider.isConfigured(settings)) return name;
  const problem = hasEmbeddings
    ? provider.setUp
    : `${provider.name} has no embedding models. Name another one.`;
  throw new ModelError(
    "embedding_model_not_configured",
    `EVAL_EMBEDDING_MODEL is ${formatModelName(name)}, which cannot be used. ${problem}`,
  );
}
