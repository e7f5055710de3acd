import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createJudgeFetch, type Expects } from "./judge-fetch.ts";
import { normalizeChatBody } from "./normalize-answer.ts";
import { normalizeEmbeddingsBody } from "./normalize-embeddings.ts";
import type { CallSizes } from "./provider.ts";

/** Models behind such endpoints are often small, with a short context. `EVAL_MAX_TRACE_CHARS` and the like change the sizes. */
export const COMPATIBLE_SIZES: CallSizes = {
  maxOutputTokens: 4_096,
  maxTraceChars: 48_000,
  maxTextChars: 24_000,
};

interface Endpoint {
  readonly baseUrl: string;
  /** Null if no key is sent. */
  readonly apiKey: string | null;
  readonly timeoutMs: number;
}

/** Connects to an endpoint that implements OpenAI's chat completions and embeddings. */
export function connectCompatible({ baseUrl, apiKey, timeoutMs }: Endpoint, expects: Expects) {
  const url = new URL(baseUrl);
  const normalize = expects === "answer" ? normalizeChatBody : normalizeEmbeddingsBody;
  return createOpenAICompatible({
    name: "openai",
    baseURL: `${url.origin}${url.pathname}`,
    // Some gateways require an `api-version` or the like with every call.
    queryParams: Object.fromEntries(url.searchParams),
    supportsStructuredOutputs: true,
    fetch: createJudgeFetch({ hosts: [url.host], timeoutMs, expects, normalize }),
    ...(apiKey !== null && { apiKey }),
  });
}
