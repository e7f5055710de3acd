import { createOpenAI } from "@ai-sdk/openai";
import { describeProvider } from "@pandaprobe/contract/rules";
import { defaultSettingsMiddleware, wrapLanguageModel } from "ai";
import type { JudgeSettings } from "../../config/judge-settings.ts";
import { createJudgeFetch, type Expects } from "./judge-fetch.ts";
import { normalizeResponsesBody } from "./normalize-answer.ts";
import { normalizeEmbeddingsBody } from "./normalize-embeddings.ts";
import { COMPATIBLE_SIZES, connectCompatible } from "./openai-compatible.ts";
import { HOSTED_SIZES, type LlmProvider } from "./provider.ts";

export const openai: LlmProvider = {
  ...describeProvider("openai"),
  credentials: "OPENAI_API_KEY (and OPENAI_BASE_URL, if it is set)",
  defaultModel: "gpt-5.4-mini",
  defaultEmbeddingModel: "text-embedding-3-small",
  isConfigured: ({ openai: { apiKey, baseUrl } }) => apiKey !== null || baseUrl !== null,
  sizes: ({ openai: { baseUrl } }) => (baseUrl === null ? HOSTED_SIZES : COMPATIBLE_SIZES),
  languageModel: (settings, model) =>
    settings.openai.baseUrl === null
      ? wrapLanguageModel({
          model: connect(settings, "answer").responses(model),
          middleware: defaultSettingsMiddleware({
            // By default, OpenAI stores answers for 30 days.
            settings: { providerOptions: { openai: { store: false } } },
          }),
        })
      : connectCompatible(endpoint(settings, settings.openai.baseUrl), "answer").chatModel(model),
  embeddingModel: (settings, model) =>
    settings.openai.baseUrl === null
      ? connect(settings, "embeddings").embeddingModel(model)
      : connectCompatible(endpoint(settings, settings.openai.baseUrl), "embeddings").embeddingModel(model),
};

function endpoint({ openai: { apiKey }, callTimeoutMs: timeoutMs }: JudgeSettings, baseUrl: string) {
  return { baseUrl, apiKey, timeoutMs };
}

function connect({ openai: { apiKey }, callTimeoutMs: timeoutMs }: JudgeSettings, expects: Expects) {
  const normalize = expects === "answer" ? normalizeResponsesBody : normalizeEmbeddingsBody;
  const fetch = createJudgeFetch({ hosts: ["api.openai.com"], timeoutMs, expects, normalize });
  // Always set both; otherwise the AI SDK would read them from the environment.
  return createOpenAI({ apiKey: apiKey ?? "", baseURL: "https://api.openai.com/v1", fetch });
}
