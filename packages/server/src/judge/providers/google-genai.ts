import { createGoogle } from "@ai-sdk/google";
import { describeProvider } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../../config/judge-settings.ts";
import { createJudgeFetch, type Expects } from "./judge-fetch.ts";
import { normalizeGeminiBody } from "./normalize-answer.ts";
import { HOSTED_SIZES, type LlmProvider } from "./provider.ts";

export const googleGenai: LlmProvider = {
  ...describeProvider("google_genai"),
  credentials: "GEMINI_API_KEY",
  defaultModel: "gemini-3.6-flash",
  defaultEmbeddingModel: "gemini-embedding-001",
  isConfigured: ({ googleGenai: { apiKey } }) => apiKey !== null,
  sizes: () => HOSTED_SIZES,
  languageModel: (settings, model) => connect(settings, "answer")(model),
  embeddingModel: (settings, model) => connect(settings, "embeddings").embeddingModel(model),
};

function connect(
  { googleGenai: { apiKey, baseUrl }, callTimeoutMs: timeoutMs }: JudgeSettings,
  expects: Expects,
) {
  const baseURL = baseUrl ?? "https://generativelanguage.googleapis.com/v1beta";
  const hosts = [new URL(baseURL).host];
  const fetch = createJudgeFetch({ hosts, timeoutMs, expects, normalize: normalizeGeminiBody });
  // Always set both; otherwise the AI SDK would read them from the environment.
  return createGoogle({ apiKey: apiKey ?? "", baseURL, fetch });
}
