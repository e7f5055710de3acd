import { createGoogleVertex } from "@ai-sdk/google-vertex";
import { describeProvider } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../../config/judge-settings.ts";
import { createJudgeFetch, type Expects } from "./judge-fetch.ts";
import { normalizeGeminiBody } from "./normalize-answer.ts";
import { normalizePredictionsBody } from "./normalize-embeddings.ts";
import { HOSTED_SIZES, type LlmProvider } from "./provider.ts";

export const vertexAi: LlmProvider = {
  ...describeProvider("vertex_ai"),
  credentials:
    "GOOGLE_CLOUD_PROJECT and the application default credentials (GOOGLE_APPLICATION_CREDENTIALS)",
  defaultModel: "gemini-3.6-flash",
  defaultEmbeddingModel: "gemini-embedding-001",
  isConfigured: ({ vertexAi: { project } }) => project !== null,
  sizes: () => HOSTED_SIZES,
  languageModel: (settings, model) => connect(settings, "answer")(model),
  embeddingModel: (settings, model) => connect(settings, "embeddings").embeddingModel(model),
};

function connect({ vertexAi, callTimeoutMs: timeoutMs }: JudgeSettings, expects: Expects) {
  const location = vertexAi.location ?? "global";
  const fetch = createJudgeFetch({
    // The AI SDK chooses one of them by the location.
    hosts: [
      "aiplatform.googleapis.com",
      `${location}-aiplatform.googleapis.com`,
      `aiplatform.${location}.rep.googleapis.com`,
    ],
    timeoutMs,
    expects,
    normalize: (body) => normalizeGeminiBody(normalizePredictionsBody(body)),
  });
  // Always set both; otherwise the AI SDK would read them from the environment.
  return createGoogleVertex({ project: vertexAi.project ?? "", location, fetch });
}
