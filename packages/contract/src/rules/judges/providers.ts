import type { ProviderInfo } from "../../metrics.ts";

/** A source of judges, as the API describes it. */
interface ProviderEntry {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** What to do when it is not configured. */
  readonly setUp: string;
  /** What other tools call it, for suggestions. */
  readonly otherNames?: readonly string[];
  /** Models that need no provider in their name. */
  readonly ownModels?: RegExp;
  /** The rule for names of its models. */
  readonly modelNames: ModelNameForm;
}

/** Which model names a provider can have. */
interface ModelNameForm {
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly rule: string;
}

/** For names that go into the body of a call. */
const inBody: ModelNameForm = {
  pattern: /^[\w.:@-]+(?:\/[\w.:@-]+)*$/,
  rule: "Use letters, digits and . _ : @ - with single slashes between them, and no ..",
};

/** For names that go into the path of a call, so only the forms that Google documents are accepted. */
const inPath: ModelNameForm = {
  pattern: /^(?:(?:(?:models|tunedModels|publishers\/\w[\w.@-]*\/models)\/)?\w[\w.@-]*|endpoints\/\d+)$/,
  rule: "A Google model is named x, models/x, tunedModels/x, publishers/x/models/y or endpoints/1, of letters, digits and . _ @ -",
};

/** Every provider, by the part of a model's name before the slash, in the order in which the default is chosen. */
const catalogue = {
  openai: {
    name: "OpenAI",
    description:
      "OpenAI's models, or any OpenAI-compatible endpoint (Ollama, vLLM, LM Studio) with OPENAI_BASE_URL.",
    setUp: "Set OPENAI_API_KEY, or OPENAI_BASE_URL for an OpenAI-compatible endpoint.",
    otherNames: ["gpt"],
    ownModels: /^(?:gpt-|o[1-9])/,
    modelNames: inBody,
  },
  anthropic: {
    name: "Anthropic",
    description:
      "Anthropic's Claude models. It has no embeddings: set EVAL_EMBEDDING_MODEL for the metrics that need them.",
    setUp: "Set ANTHROPIC_API_KEY.",
    otherNames: ["claude"],
    ownModels: /^claude-/,
    modelNames: inBody,
  },
  google_genai: {
    name: "Google Gemini API",
    description: "Google's Gemini models by API key (Google AI Studio).",
    setUp: "Set GEMINI_API_KEY.",
    otherNames: ["gemini", "google"],
    ownModels: /^gemini-/,
    modelNames: inPath,
  },
  vertex_ai: {
    name: "Google Vertex AI",
    description:
      "Google's Gemini models in a Google Cloud project, with its application default credentials.",
    setUp: "Set GOOGLE_CLOUD_PROJECT.",
    otherNames: ["vertex"],
    modelNames: inPath,
  },
  heuristic: {
    name: "Heuristic",
    description:
      "The built-in offline judge: rules on the trace itself, no model and no network. For trying things out, CI and tests.",
    setUp: "It is always available.",
    modelNames: inBody,
  },
} as const satisfies Readonly<Record<string, ProviderEntry>>;

export type ProviderKey = keyof typeof catalogue;

/** What the API says about a provider, and how its models are named. */
export interface ProviderDescription extends ProviderEntry {
  readonly key: ProviderKey;
}

/** Every provider, in the order in which the default is chosen. */
export const providers: readonly ProviderDescription[] = Object.entries(catalogue).map(([key, entry]) => ({
  ...entry,
  key: key as ProviderKey,
}));

export const providerKeys: readonly ProviderKey[] = providers.map(({ key }) => key);

export function describeProvider(key: ProviderKey): ProviderDescription {
  return { ...catalogue[key], key };
}

/** A row of `GET /evaluations/providers`. */
export function providerInfo(key: ProviderKey, isConfigured: boolean): ProviderInfo {
  const { name, description, setUp } = describeProvider(key);
  return { key, name, description, available: isConfigured, message: isConfigured ? "Configured." : setUp };
}
