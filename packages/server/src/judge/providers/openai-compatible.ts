import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { fetchNormalized } from "./normalize-response.ts";
import type { ProviderLimits } from "./provider.ts";

/** Models at such an endpoint are often small and run with little context; `EVAL_MAX_TRACE_CHARS` and so on change it. */
export const COMPATIBLE_LIMITS: ProviderLimits = {
  maxOutputTokens: 4_096,
  maxTraceChars: 48_000,
  maxTextChars: 24_000,
};

/** An endpoint that speaks OpenAI's chat completions and embeddings. It gets a key only if there is one. */
export function connectCompatible(baseUrl: string, apiKey: string | null) {
  const url = new URL(baseUrl);
  return createOpenAICompatible({
    name: "openai",
    baseURL: `${url.origin}${url.pathname}`,
    // Some gateways want an `api-version` or the like with every call.
    queryParams: Object.fromEntries(url.searchParams),
    supportsStructuredOutputs: true,
    fetch: fetchNormalized,
    ...(apiKey !== null && { apiKey }),
  });
}
