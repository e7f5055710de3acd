import { closestMatch } from "leven";
import { shortened } from "../../common/text.ts";
import { ModelError } from "./model-error.ts";
import { describeProvider, type ProviderKey, providerKeys, providers } from "./providers.ts";

/** A model and its provider. Written `provider/model`; the model's own name may contain further slashes. */
export interface ModelName {
  readonly provider: ProviderKey;
  readonly model: string;
}

/** The only model of the provider `heuristic`. */
export const heuristicModel: ModelName = { provider: "heuristic", model: "v1" };

/** In characters, without the provider. */
const maxModelLength = 200;
const maxQuotedLength = 100;

/**
 * @throws ModelError `unknown_model_provider` if the name matches no provider or no model of the heuristic,
 * `invalid_model_name` if its provider cannot have such a model.
 */
export function parseModelName(text: string): ModelName {
  const name = text.trim();
  const parsed = split(name);
  if (parsed === undefined) throw new ModelError("unknown_model_provider", unknownProvider(name));
  const { provider, model } = parsed;
  if (model.length > maxModelLength) {
    throw new ModelError(
      "invalid_model_name",
      `The model name ${quoted(name)} is ${model.length} characters long; at most ${maxModelLength} are allowed.`,
    );
  }
  const { pattern, rule } = describeProvider(provider).modelNames;
  if (!pattern.test(model) || model.includes("..")) {
    throw new ModelError("invalid_model_name", `${quoted(name)} is not a valid model name. ${rule}.`);
  }
  return parsed;
}

export function formatModelName({ provider, model }: ModelName): string {
  return `${provider}/${model}`;
}

/** The provider with this key. `gemini`, a common name, is Google's API. */
export function findProvider(key: string): ProviderKey | undefined {
  return key === "gemini" ? "google_genai" : providerKeys.find((known) => known === key);
}

/** @throws ModelError `unknown_model_provider` for a model that the heuristic does not have. */
export function checkHeuristicModel(name: ModelName): ModelName {
  if (name.model === heuristicModel.model) return heuristicModel;
  throw new ModelError(
    "unknown_model_provider",
    `There is no model ${formatModelName(name)}: the heuristic has one model, ${formatModelName(heuristicModel)}.`,
  );
}

/** @param source where the name comes from, if not from the request: ` (EVAL_LLM_MODEL)`. */
export function notConfigured(name: ModelName, source = ""): ModelError {
  const provider = describeProvider(name.provider);
  return new ModelError(
    "provider_not_configured",
    `The model ${formatModelName(name)}${source} needs ${provider.name}, which is not configured on this server. ${provider.setUp}`,
  );
}

/** For a run with `max_cost_usd`. */
export function unknownPrice(model: string): ModelError {
  return new ModelError(
    "price_unknown",
    `A run with max_cost_usd needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.`,
  );
}

/** Undefined if the name matches no provider. */
function split(name: string): ModelName | undefined {
  const slash = name.indexOf("/");
  if (slash === -1) {
    const known = providers.find(({ ownModels }) => ownModels?.test(name));
    return known && { provider: known.key, model: name };
  }
  const provider = findProvider(name.slice(0, slash));
  const model = name.slice(slash + 1).trim();
  return provider === undefined || model === "" ? undefined : { provider, model };
}

function unknownProvider(name: string): string {
  const closest = closestProvider(name);
  return (
    `The model ${quoted(name)} does not name a provider that this server knows.` +
    `${closest === undefined ? "" : ` Did you mean ${closest}/…?`} Write it as provider/model, ` +
    `where provider is one of ${providerKeys.join(", ")}: for example openai/gpt-5.4-mini or ` +
    "openai/meta-llama/Llama-3 for an OpenAI-compatible endpoint."
  );
}

function closestProvider(name: string): ProviderKey | undefined {
  const [beginning = ""] = /^[a-z][a-z _-]{0,30}/i.exec(name) ?? [];
  const meant = beginning.toLowerCase().replace(/[ -]/g, "_").replace(/_+$/, "");
  if (meant.length < 3) return undefined;
  const keys = new Map<string, ProviderKey>(providers.map(({ key }) => [key, key]));
  for (const { key, otherNames = [] } of providers) for (const other of otherNames) keys.set(other, key);
  const closest = closestMatch(meant, [...keys.keys()], { maxDistance: meant.length < 6 ? 2 : 3 });
  return closest === undefined ? undefined : keys.get(closest);
}

/** Names come from clients, and may be of any length. */
function quoted(name: string): string {
  return JSON.stringify(shortened(name, maxQuotedLength));
}
