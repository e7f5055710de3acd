import type { JudgeSettings } from "../config/judge-settings.ts";
import type { ProviderKey } from "./model-name.ts";
import { anthropic } from "./providers/anthropic.ts";
import { googleGenai } from "./providers/google-genai.ts";
import { heuristic } from "./providers/heuristic.ts";
import { openai } from "./providers/openai.ts";
import type { LlmProvider, Provider } from "./providers/provider.ts";
import { vertexAi } from "./providers/vertex-ai.ts";

/** A row of `GET /evaluations/providers`. */
export interface ProviderRow {
  readonly key: ProviderKey;
  readonly name: string;
  readonly description: string;
  readonly available: boolean;
  readonly message: string;
}

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

export function listProviders(settings: JudgeSettings): ProviderRow[] {
  return [...llmProviders, heuristic].map((provider) => toRow(provider, settings));
}

function toRow({ key, name, description, missing }: Provider, settings: JudgeSettings): ProviderRow {
  const message = missing(settings);
  return { key, name, description, available: message === null, message: message ?? "Configured." };
}
