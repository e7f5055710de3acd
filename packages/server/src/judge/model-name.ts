import { ModelError } from "./model-error.ts";

/** The part before the slash, in the order in which a default is looked for. */
export const providerKeys = ["openai", "anthropic", "google_genai", "vertex_ai", "heuristic"] as const;
export type ProviderKey = (typeof providerKeys)[number];

/** A model and who serves it. Written `provider/model`; the model's own name may hold further slashes. */
export interface ModelName {
  readonly provider: ProviderKey;
  readonly model: string;
}

/** Beginnings that give the provider away where none is named. */
const beginnings: readonly (readonly [RegExp, ProviderKey])[] = [
  [/^gpt-/, "openai"],
  [/^o[1-9]/, "openai"],
  [/^claude-/, "anthropic"],
  [/^gemini-/, "google_genai"],
];

/** @throws ModelError `unknown_model_provider` for a name that leads to no provider. */
export function parseModelName(text: string): ModelName {
  const name = text.trim();
  const slash = name.indexOf("/");
  if (slash === -1) {
    const known = beginnings.find(([beginning]) => beginning.test(name));
    if (known !== undefined) return { provider: known[1], model: name };
  } else {
    const key = name.slice(0, slash);
    const provider = providerKeys.find((known) => known === key);
    const model = name.slice(slash + 1).trim();
    if (provider !== undefined && model !== "") return { provider, model };
  }
  throw new ModelError(
    "unknown_model_provider",
    `The model ${JSON.stringify(name)} names no provider that this server knows. Write it as provider/model, ` +
      `where provider is one of ${providerKeys.join(", ")}: for example openai/gpt-5.4-mini or ` +
      "openai/meta-llama/Llama-3 for an OpenAI-compatible endpoint.",
  );
}

export function formatModelName({ provider, model }: ModelName): string {
  return `${provider}/${model}`;
}
