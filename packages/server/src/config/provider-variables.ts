import { httpUrl, text, type Variables, variable } from "./variable.ts";

/** The keys and addresses of the judges' providers. */
export const providerVariables = {
  OPENAI_API_KEY: variable(text, "Configures the provider openai.", null),
  OPENAI_BASE_URL: variable(
    httpUrl,
    "An OpenAI-compatible endpoint (Ollama, vLLM, LM Studio, a gateway) to call instead of OpenAI; needs no key.",
    null,
  ),
  ANTHROPIC_API_KEY: variable(text, "Configures the provider anthropic.", null),
  ANTHROPIC_BASE_URL: variable(httpUrl, "A gateway to call instead of Anthropic.", null),
  GEMINI_API_KEY: variable(text, "Configures the provider google_genai.", null),
  GEMINI_BASE_URL: variable(httpUrl, "A gateway to call instead of Google.", null),
  GOOGLE_CLOUD_PROJECT: variable(
    text,
    "Configures the provider vertex_ai, with Google's application default credentials.",
    null,
  ),
  GOOGLE_CLOUD_LOCATION: variable(text, "The region of vertex_ai. Not set: global.", null),
  VERTEX_AI_LOCATION: variable(text, "Overrides GOOGLE_CLOUD_LOCATION; the name that other tools use.", null),
} as const satisfies Variables;

type Values = { readonly [Name in keyof typeof providerVariables]: string | null };

const unset = Object.fromEntries(Object.keys(providerVariables).map((name) => [name, null])) as Values;

/** What the variables say, by provider. */
export type ProviderSettings = ReturnType<typeof providerSettings>;

/** @param env the variables' values. Default: none is set. */
export function providerSettings(env: Values = unset) {
  return {
    openai: { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
    anthropic: { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
    googleGenai: { apiKey: env.GEMINI_API_KEY, baseUrl: env.GEMINI_BASE_URL },
    vertexAi: {
      project: env.GOOGLE_CLOUD_PROJECT,
      location: env.VERTEX_AI_LOCATION ?? env.GOOGLE_CLOUD_LOCATION,
    },
  } as const;
}
