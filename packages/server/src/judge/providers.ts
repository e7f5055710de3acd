import type { ProviderInfo } from "@pandaprobe/contract";
import { type ProviderKey, providerInfo } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../config/judge-settings.ts";
import { anthropic } from "./providers/anthropic.ts";
import { googleGenai } from "./providers/google-genai.ts";
import { openai } from "./providers/openai.ts";
import type { LlmProvider } from "./providers/provider.ts";
import { vertexAi } from "./providers/vertex-ai.ts";

const byKey: Readonly<{ [Key in Exclude<ProviderKey, "heuristic">]: LlmProvider }> = {
  openai,
  anthropic,
  google_genai: googleGenai,
  vertex_ai: vertexAi,
};

/** The providers of real models, in the order in which a default model is chosen. */
export const llmProviders: readonly LlmProvider[] = Object.values(byKey);

/** Undefined for the heuristic. */
export function llmProvider(key: ProviderKey): LlmProvider | undefined {
  return key === "heuristic" ? undefined : byKey[key];
}

export function listProviders(settings: JudgeSettings): ProviderInfo[] {
  const llms = llmProviders.map(({ key, isConfigured }) => providerInfo(key, isConfigured(settings)));
  return [...llms, providerInfo("heuristic", true)];
}
