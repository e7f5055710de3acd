import { closestMatch } from "leven";
import { ModelError } from "./model-error.ts";

/** The part before the slash, in the order in which a default is looked for. */
export const providerKeys = ["openai", "anthropic", "google_genai", "vertex_ai", "heuristic"] as const;
export type ProviderKey = (typeof providerKeys)[number];

/** A model and who serves it. Written `provider/model`; the model's own name may hold further slashes. */
export interface ModelName {
  readonly provider: ProviderKey;
  readonly model: string;
}

/** Prefixes that identify the provider where none is named. */
const prefixes: readonly (readonly [RegExp, ProviderKey])[] = [
  [/^gpt-/, "openai"],
  [/^o[1-9]/, "openai"],
  [/^claude-/, "anthropic"],
  [/^gemini-/, "google_genai"],
];

/** What other tools call our providers. Only `gemini` is accepted; the rest lead to a suggestion. */
const otherNames: Readonly<Record<string, ProviderKey>> = {
  gemini: "google_genai",
  google: "google_genai",
  vertex: "vertex_ai",
  claude: "anthropic",
  gpt: "openai",
};

const MAX_LENGTH = 200;
/** Goes into the body of a call. */
const bodyName = /^[\w.:@-]+(?:\/[\w.:@-]+)*$/;
/** Goes into the path of a call, so only the forms that Google documents are accepted. */
const pathName =
  /^(?:(?:(?:models|tunedModels|publishers\/\w[\w.@-]*\/models)\/)?\w[\w.@-]*|endpoints\/\d+)$/;
const patterns: Readonly<Record<ProviderKey, RegExp>> = {
  openai: bodyName,
  anthropic: bodyName,
  google_genai: pathName,
  vertex_ai: pathName,
  heuristic: bodyName,
};

/**
 * @throws ModelError `unknown_model_provider` for a name that leads to no provider, `invalid_model_name` for one that its
 * provider cannot have.
 */
export function parseModelName(text: string): ModelName {
  const name = text.trim();
  const parsed = split(name);
  if (parsed === undefined) throw new ModelError("unknown_model_provider", unknownProvider(name));
  const { provider, model } = parsed;
  if (model.length > MAX_LENGTH) {
    throw new ModelError(
      "invalid_model_name",
      `The model name ${quoted(name)} is ${model.length} characters long; at most ${MAX_LENGTH} are allowed.`,
    );
  }
  if (!patterns[provider].test(model) || model.includes("..")) {
    const forms =
      patterns[provider] === pathName
        ? "A model of Google is named x, models/x, tunedModels/x, publishers/x/models/y or endpoints/1, of letters, digits and . _ @ -"
        : "Use letters, digits and . _ : @ - with single slashes between them, and no ..";
    throw new ModelError("invalid_model_name", `${quoted(name)} is no valid model name. ${forms}.`);
  }
  return parsed;
}

export function formatModelName({ provider, model }: ModelName): string {
  return `${provider}/${model}`;
}

/** The provider with this key; `gemini`, as many tools call it, is Google's. */
export function findProvider(key: string): ProviderKey | undefined {
  return key === "gemini" ? otherNames["gemini"] : providerKeys.find((known) => known === key);
}

/** Undefined for a name that leads to no provider. */
function split(name: string): ModelName | undefined {
  const slash = name.indexOf("/");
  if (slash === -1) {
    const known = prefixes.find(([prefix]) => prefix.test(name));
    return known && { provider: known[1], model: name };
  }
  const provider = findProvider(name.slice(0, slash));
  const model = name.slice(slash + 1).trim();
  return provider === undefined || model === "" ? undefined : { provider, model };
}

function unknownProvider(name: string): string {
  const closest = closestProvider(name);
  return (
    `The model ${quoted(name)} names no provider that this server knows.` +
    `${closest === undefined ? "" : ` Did you mean ${closest}/…?`} Write it as provider/model, ` +
    `where provider is one of ${providerKeys.join(", ")}: for example openai/gpt-5.4-mini or ` +
    "openai/meta-llama/Llama-3 for an OpenAI-compatible endpoint."
  );
}

function closestProvider(name: string): ProviderKey | undefined {
  const [beginning = ""] = /^[a-z][a-z _-]{0,30}/i.exec(name) ?? [];
  const meant = beginning.toLowerCase().replace(/[ -]/g, "_").replace(/_+$/, "");
  if (meant.length < 3) return undefined;
  const names = [...providerKeys, ...Object.keys(otherNames)];
  const closest = closestMatch(meant, names, { maxDistance: meant.length < 6 ? 2 : 3 });
  return closest === undefined ? undefined : (otherNames[closest] ?? findProvider(closest));
}

/** Names come from clients, and may be of any length. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
