import type { ProviderInfo } from "@pandaprobe/sdk";
import { ProblemError } from "./problem-error.ts";

type Provider = Pick<ProviderInfo, "key" | "name" | "description"> & { readonly missing: string };

const heuristicModel = "heuristic/v1";

/** Where judges come from, as the server describes them. */
const known: readonly Provider[] = [
  {
    key: "openai",
    name: "OpenAI",
    description:
      "OpenAI's models, or any OpenAI-compatible endpoint (Ollama, vLLM, LM Studio) by OPENAI_BASE_URL.",
    missing: "OPENAI_API_KEY",
  },
  {
    key: "anthropic",
    name: "Anthropic",
    description:
      "Anthropic's Claude models. It has no embeddings: set EVAL_EMBEDDING_MODEL for the metrics that need them.",
    missing: "ANTHROPIC_API_KEY",
  },
  {
    key: "google_genai",
    name: "Google Gemini API",
    description: "Google's Gemini models by API key (Google AI Studio).",
    missing: "GEMINI_API_KEY",
  },
  {
    key: "vertex_ai",
    name: "Google Vertex AI",
    description:
      "Google's Gemini models in a Google Cloud project, with its application default credentials.",
    missing: "GOOGLE_CLOUD_PROJECT",
  },
  {
    key: "heuristic",
    name: "Heuristic",
    description:
      "The built-in offline judge: rules on the trace itself, no model and no network. For tries, CI and tests.",
    missing: "",
  },
];

/** The beginnings of models' names that give their provider away. */
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^gpt-/, "openai"],
  [/^o[1-9]/, "openai"],
  [/^claude-/, "anthropic"],
  [/^gemini-/, "google_genai"],
];

export const providerKeys: readonly string[] = known.map(({ key }) => key);

export function listProviders(configured: readonly string[]): ProviderInfo[] {
  return known.map(({ missing, ...provider }) => {
    const available = isConfigured(configured, provider.key);
    return { ...provider, available, message: available ? "Configured." : `Set ${missing}.` };
  });
}

/** What there is to judge by. */
export interface Judges {
  /** The keys of the judge providers that count as configured. */
  readonly providers: readonly string[];
  /** The models whose price is unknown, as `provider/model`. */
  readonly unpriced: readonly string[];
}

/**
 * The judge as `provider/model`; the heuristic where none is named.
 *
 * @param maxCostUsd what its run may cost at the most.
 * @throws ProblemError `unknown_model_provider`, `invalid_model_name`, `provider_not_configured`, `price_unknown`
 */
export function resolveModel(
  judges: Judges,
  requested: string | null | undefined,
  maxCostUsd: number | null | undefined,
): string {
  const model = configuredModel(judges.providers, requested);
  if (maxCostUsd == null || !judges.unpriced.includes(model)) return model;
  const detail = `A run with max_cost_usd needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.`;
  throw new ProblemError("price_unknown", detail);
}

function configuredModel(configured: readonly string[], model: string | null | undefined): string {
  if (model == null) return heuristicModel;
  const name = model.trim();
  const slash = name.indexOf("/");
  const written = slash === -1 ? beginnings.find(([start]) => start.test(name))?.[1] : name.slice(0, slash);
  const key = written === "gemini" ? "google_genai" : written;
  const rest = name.slice(slash + 1).trim();
  const provider = known.find((candidate) => candidate.key === key);
  if (provider === undefined || rest === "") {
    throw new ProblemError(
      "unknown_model_provider",
      `The model ${JSON.stringify(name)} names no provider that this server knows. Write it as provider/model, where provider is one of ${providerKeys.join(", ")}: for example openai/gpt-5.4-mini or openai/meta-llama/Llama-3 for an OpenAI-compatible endpoint.`,
    );
  }
  checkName(name, provider.key, rest);
  if (key === "heuristic" && rest !== "v1") {
    const detail = `There is no model heuristic/${rest}: the heuristic has one model, ${heuristicModel}.`;
    throw new ProblemError("unknown_model_provider", detail);
  }
  if (isConfigured(configured, provider.key)) return `${provider.key}/${rest}`;
  const detail = `The model ${provider.key}/${rest} needs ${provider.name}, which is not configured on this server. Set ${provider.missing}.`;
  throw new ProblemError("provider_not_configured", detail);
}

/** Goes into the body of a call. */
const bodyName = /^[\w.:@-]+(?:\/[\w.:@-]+)*$/;
/** Goes into the path of a call. */
const pathName =
  /^(?:(?:(?:models|tunedModels|publishers\/\w[\w.@-]*\/models)\/)?\w[\w.@-]*|endpoints\/\d+)$/;

function checkName(name: string, provider: string, model: string): void {
  const quoted = JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
  if (model.length > 200) {
    const detail = `The model name ${quoted} is ${model.length} characters long; at most 200 are allowed.`;
    throw new ProblemError("invalid_model_name", detail);
  }
  const isGoogle = provider === "google_genai" || provider === "vertex_ai";
  if ((isGoogle ? pathName : bodyName).test(model) && !model.includes("..")) return;
  const forms = isGoogle
    ? "A model of Google is named x, models/x, tunedModels/x, publishers/x/models/y or endpoints/1, of letters, digits and . _ @ -"
    : "Use letters, digits and . _ : @ - with single slashes between them, and no ..";
  throw new ProblemError("invalid_model_name", `${quoted} is no valid model name. ${forms}.`);
}

function isConfigured(configured: readonly string[], key: string): boolean {
  return key === "heuristic" || configured.includes(key);
}
