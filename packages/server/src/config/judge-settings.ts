import type { PriceList } from "@pandaprobe/contract/rules";
import { type ProviderSettings, providerSettings } from "./provider-variables.ts";

/** Limits of a model, shared by all processes; `null` for no limit. */
export interface ModelLimits {
  /** Calls in flight at once. */
  readonly concurrency: number | null;
  /** Calls begun in any 60 seconds. */
  readonly requestsPerMinute: number | null;
  /** Tokens of questions and answers in 60 seconds. */
  readonly tokensPerMinute: number | null;
}

/** Limits by `provider/model`, or by `provider` for all its models together. */
export type LimitList = Readonly<Record<string, ModelLimits>>;

/** The judges' part of the configuration. Each field names the variable that sets it. */
export interface JudgeSettings extends ProviderSettings {
  /** The model of runs that name none, `EVAL_LLM_MODEL`. Null: the default model of the first configured provider. */
  readonly llmModel: string | null;
  /**
   * The models that may judge, `JUDGE_MODELS`, as `provider/model`; a trailing `*` matches anything. Null: all. The
   * embedding model needs no entry, since only the operator chooses it.
   */
  readonly models: readonly string[] | null;
  /** The embedding model, `EVAL_EMBEDDING_MODEL`. Null: that of the first configured provider that has one. */
  readonly embeddingModel: string | null;
  /** Calls that this process makes to each model at once, `EVAL_CONCURRENCY`. A model that hangs blocks no other. */
  readonly concurrency: number;
  /** How long one call may take until its last byte, in milliseconds, `EVAL_CALL_TIMEOUT_SECONDS`. */
  readonly callTimeoutMs: number;
  /**
   * How long one question may take with all its attempts and the waits between them, in milliseconds,
   * `EVAL_QUESTION_TIMEOUT_SECONDS`. Waiting for a slot, or for a model that is down, does not count.
   */
  readonly questionTimeoutMs: number;
  /** The attempt limit of one question, `EVAL_MAX_ATTEMPTS`. */
  readonly maxAttempts: number;
  /**
   * How long a question waits for a model that is down or refuses all calls before its run fails, in milliseconds,
   * `EVAL_PROVIDER_PATIENCE_SECONDS`.
   */
  readonly maxOutageMs: number;
  /** Limits of models and providers, shared by all processes, `JUDGE_LIMITS`. */
  readonly limits: LimitList;
  /** The longest wait before the second attempt, in milliseconds. It doubles with each attempt, up to 30 s. */
  readonly firstBackoffMs: number;
  /**
   * The most tokens of one answer, including reasoning, `EVAL_MAX_OUTPUT_TOKENS`. Null: a default for each
   * provider.
   */
  readonly maxOutputTokens: number | null;
  /** The most characters of a trace in one question, `EVAL_MAX_TRACE_CHARS`. Null: a default for each provider. */
  readonly maxTraceChars: number | null;
  /** Prices that override the list prices, `JUDGE_PRICES`. */
  readonly prices: PriceList;
}

/** The settings of a server without any configuration, which judges with the offline heuristic. */
export const defaultJudgeSettings: JudgeSettings = {
  llmModel: null,
  models: null,
  embeddingModel: null,
  concurrency: 16,
  callTimeoutMs: 60_000,
  questionTimeoutMs: 180_000,
  maxAttempts: 4,
  maxOutageMs: 900_000,
  limits: {},
  firstBackoffMs: 1_000,
  maxOutputTokens: null,
  maxTraceChars: null,
  prices: {},
  ...providerSettings(),
};
