import type { ProviderDescription } from "@pandaprobe/contract/rules";
import type { wrapEmbeddingModel, wrapLanguageModel } from "ai";
import type { JudgeSettings } from "../../config/judge-settings.ts";

/** A language model of the AI SDK. */
export type LanguageModel = ReturnType<typeof wrapLanguageModel>;
/** An embedding model of the AI SDK, not just its name. */
export type TextEmbeddingModel = ReturnType<typeof wrapEmbeddingModel>;

/** How much fits into one call by default. */
export interface CallSizes {
  /** Tokens of an answer, including the model's reasoning. */
  readonly maxOutputTokens: number;
  /** Characters of a trace in a question. */
  readonly maxTraceChars: number;
  /** Characters of a text to embed. */
  readonly maxTextChars: number;
}

/** A provider of real models. Each has a file of its own and is listed in `../providers.ts`. */
export interface LlmProvider extends ProviderDescription {
  isConfigured(settings: JudgeSettings): boolean;
  /** Names the environment variables to check when it refuses us. */
  readonly credentials: string;
  /** The model for runs that name none. */
  readonly defaultModel: string;
  /** The embedding model if `EVAL_EMBEDDING_MODEL` is not set; null if the provider has no embeddings. */
  readonly defaultEmbeddingModel: string | null;
  sizes(settings: JudgeSettings): CallSizes;
  /** Requires a configured provider. */
  languageModel(settings: JudgeSettings, model: string): LanguageModel;
  /** Requires a configured provider; null if it has no embeddings. */
  embeddingModel(settings: JudgeSettings, model: string): TextEmbeddingModel | null;
}

/** A fraction of what hosted models take (at least 128k tokens of context), which also bounds the cost. */
export const HOSTED_SIZES: CallSizes = {
  maxOutputTokens: 8_192,
  maxTraceChars: 200_000,
  maxTextChars: 24_000,
};
