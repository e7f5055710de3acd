import type { ProviderInfo } from "@pandaprobe/contract";
import { type ProviderKey, providerInfo } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../config/judge-settings.ts";
import { anthropic } from "./providers/anthropic.ts";
import { googleGenai } from "./providers/google-genai.ts";
import { heuristic } from "./providers/heuristic.ts";
import { openai } from "./providers/openai.ts";
import type { LlmProvider } from "./providers/provider.ts";
import { vertexAi } from "./providers/vertex-ai.ts";

const byKey: Readonly<{ [Key in Exclude<ProviderKey, "heuristic">]: LlmProvider }> = {
  openai,
  anthropic,
  google_genai: googleGenai,
  vertex_ai: vertexAi,
};

/** The providers of real models, in the order in which a default is looked for. */
export const llmProviders: readonly LlmProvider[] = Object.values(byKey);

/** Undefined for the heuristic, which is no LLM. */
export function llmProvider(key: ProviderKey): LlmProvider | undefined {
  return key === "heuristic" ? undefined : byKey[key];
}

export function listProviders(settings: JudgeSettings): ProviderInfo[] {
  return [...llmProviders, heuristic].map(({ key, isConfigured }) =>
    providerInfo(key, isConfigured(settings)),
  );
}
