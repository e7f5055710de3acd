import { createAnthropic } from "@ai-sdk/anthropic";
import { describeProvider } from "@pandaprobe/contract/rules";
import { createJudgeFetch } from "./judge-fetch.ts";
import { normalizeMessagesBody } from "./normalize-answer.ts";
import { HOSTED_LIMITS, type LlmProvider } from "./provider.ts";

export const anthropic: LlmProvider = {
  ...describeProvider("anthropic"),
  credentials: "ANTHROPIC_API_KEY",
  defaultModel: "claude-haiku-5-5",
  defaultEmbeddingModel: null,
  isConfigured: ({ anthropic: { apiKey } }) => apiKey !== null,
  limits: () => HOSTED_LIMITS,
  languageModel: ({ anthropic: { apiKey, baseUrl }, callTimeoutMs: timeoutMs }, model) => {
    const baseURL = baseUrl ?? "https://api.anthropic.com/v1";
    const hosts = [new URL(baseURL).host];
    const fetch = createJudgeFetch({ hosts, timeoutMs, expects: "answer", normalize: normalizeMessagesBody });
    // Both are always given: left out, the library would look for them in the environment.
    return createAnthropic({ apiKey: apiKey ?? "", baseURL, fetch })(model);
  },
  embeddingModel: () => null,
};
