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
import { priceOf } from "./prices/prices.ts";
import { llmProvider, llmProviders } from "./providers.ts";

/**
 * The model that judges: the requested one, or `EVAL_LLM_MODEL`, or the first allowed default model of a configured provider.
 * The heuristic is never preferred to an allowed default model of a configured provider.
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

/** The first allowed default model; if none is allowed, the first model that `JUDGE_MODELS` names in full. */
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

/** @throws ModelError `model_not_allowed` if `JUDGE_MODELS` does not allow the model. */
function allowed({ models }: JudgeSettings, name: ModelName): ModelName {
  if (isAllowed(models, name)) return name;
  throw new ModelError(
    "model_not_allowed",
    `This server does not allow the model ${formatModelName(name)} as a judge. JUDGE_MODELS allows ${models?.join(", ")}.`,
  );
}

/**
 * The embedding model for a run that this model judges: the heuristic's own for the heuristic, otherwise
 * `EVAL_EMBEDDING_MODEL`, or the default of the first configured provider that has embeddings.
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

/** The setting that makes a known price necessary. */
export type PriceReason = "max_cost_usd" | "QUOTA_USD_PER_DAY";

/**
 * Checks that the price of a model is known. The heuristic is free.
 *
 * @throws ModelError `price_unknown`
 */
export function requirePrice({ prices }: JudgeSettings, name: ModelName, reason: PriceReason): void {
  const model = formatModelName(name);
  if (llmProvider(name.provider) === undefined || priceOf(prices, model) !== null) return;
  if (reason === "max_cost_usd") throw unknownPrice(model);
  throw new ModelError(
    "price_unknown",
    `This server limits what the project may spend in a day (QUOTA_USD_PER_DAY or PROJECT_QUOTAS), so a run needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server.`,
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

/** Whether `JUDGE_MODELS` allows a model; null allows all. */
export function isAllowed(models: readonly string[] | null, name: ModelName): boolean {
  if (models === null) return true;
  const model = formatModelName(name);
  return models
    .map(canonical)
    .some(({ text, isPrefix }) => (isPrefix ? model.startsWith(text) : model === text));
}

/** @throws ModelError if an entry of `JUDGE_MODELS` is not a valid model name or prefix. */
export function checkAllowedModels(models: readonly string[] | null): void {
  for (const entry of models ?? []) canonical(entry);
}

/** An entry of `JUDGE_MODELS` with the canonical provider name. */
function canonical(entry: string): { readonly text: string; readonly isPrefix: boolean } {
  if (!entry.endsWith("*")) return { text: formatModelName(parseModelName(entry)), isPrefix: false };
  // Any character makes a valid name of the prefix.
  const model = formatModelName(parseModelName(`${entry.slice(0, -1)}x`));
  return { text: model.slice(0, -1), isPrefix: true };
}
