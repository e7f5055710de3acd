import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createJudgeFetch, type Expects } from "./judge-fetch.ts";
import { normalizeChatBody } from "./normalize-answer.ts";
import { normalizeEmbeddingsBody } from "./normalize-embeddings.ts";
import type { ProviderLimits } from "./provider.ts";

/** Models at such an endpoint are often small and run with little context; `EVAL_MAX_TRACE_CHARS` and so on change it. */
export const COMPATIBLE_LIMITS: ProviderLimits = {
  maxOutputTokens: 4_096,
  maxTraceChars: 48_000,
  maxTextChars: 24_000,
};

interface Endpoint {
  readonly baseUrl: string;
  /** It gets a key only if there is one. */
  readonly apiKey: string | null;
  readonly timeoutMs: number;
}

/** An endpoint that speaks OpenAI's chat completions and embeddings. */
export function connectCompatible({ baseUrl, apiKey, timeoutMs }: Endpoint, expects: Expects) {
  const url = new URL(baseUrl);
  const normalize = expects === "answer" ? normalizeChatBody : normalizeEmbeddingsBody;
  return createOpenAICompatible({
    name: "openai",
    baseURL: `${url.origin}${url.pathname}`,
    // Some gateways want an `api-version` or the like with every call.
    queryParams: Object.fromEntries(url.searchParams),
    supportsStructuredOutputs: true,
    fetch: createJudgeFetch({ hosts: [url.host], timeoutMs, expects, normalize }),
    ...(apiKey !== null && { apiKey }),
  });
}
