import type { ProviderDescription } from "@pandaprobe/contract/rules";
import type { wrapEmbeddingModel, wrapLanguageModel } from "ai";
import type { JudgeSettings } from "../../config/judge-settings.ts";

/** Where the answers of a judge come from. One file each; listed in `../providers.ts`. */
export interface Provider extends ProviderDescription {
  isConfigured(settings: JudgeSettings): boolean;
}

/** A language model as the `ai` package takes it. */
export type LanguageModel = ReturnType<typeof wrapLanguageModel>;
/** An embedding model as the `ai` package takes it, not its bare name. */
export type TextEmbeddingModel = ReturnType<typeof wrapEmbeddingModel>;

/** How much fits into one call, unless the settings say otherwise. */
export interface ProviderLimits {
  /** Tokens of an answer, with what the model reasons before it. */
  readonly maxOutputTokens: number;
  /** Characters of a trace in a question. */
  readonly maxTraceChars: number;
  /** Characters of a text to embed. */
  readonly maxTextChars: number;
}

/** A provider of real models. */
export interface LlmProvider extends Provider {
  /** What to look at when it refuses us: environment variables, by name. */
  readonly credentials: string;
  /** Judges a run that names no model. */
  readonly defaultModel: string;
  /** Embeds where `EVAL_EMBEDDING_MODEL` is not set; null where the provider has no embeddings. */
  readonly defaultEmbeddingModel: string | null;
  limits(settings: JudgeSettings): ProviderLimits;
  /** Only for a provider that is configured. */
  languageModel(settings: JudgeSettings, model: string): LanguageModel;
  /** Only for a provider that is configured; null where it has no embeddings. */
  embeddingModel(settings: JudgeSettings, model: string): TextEmbeddingModel | null;
}

/** Fits the hosted models of today (at least 128k tokens of context) several times over; it also bounds the cost. */
export const HOSTED_LIMITS: ProviderLimits = {
  maxOutputTokens: 8_192,
  maxTraceChars: 200_000,
  maxTextChars: 24_000,
};
