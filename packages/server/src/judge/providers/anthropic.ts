import { createAnthropic } from "@ai-sdk/anthropic";
import { describeProvider } from "@pandaprobe/contract/rules";
import { createJudgeFetch } from "./judge-fetch.ts";
import { normalizeMessagesBody } from "./normalize-answer.ts";
import { HOSTED_SIZES, type LlmProvider } from "./provider.ts";

export const anthropic: LlmProvider = {
  ...describeProvider("anthropic"),
  credentials: "ANTHROPIC_API_KEY",
  defaultModel: "claude-haiku-5-5",
  defaultEmbeddingModel: null,
  isConfigured: ({ anthropic: { apiKey } }) => apiKey !== null,
  sizes: () => HOSTED_SIZES,
  languageModel: ({ anthropic: { apiKey, baseUrl }, callTimeoutMs: timeoutMs }, model) => {
    const baseURL = baseUrl ?? "https://api.anthropic.com/v1";
    const hosts = [new URL(baseURL).host];
    const fetch = createJudgeFetch({ hosts, timeoutMs, expects: "answer", normalize: normalizeMessagesBody });
    // Always set both; otherwise the AI SDK would read them from the environment.
    return createAnthropic({ apiKey: apiKey ?? "", baseURL, fetch })(model);
  },
  embeddingModel: () => null,
};
