/** What a model costs, in USD for a million tokens. */
export interface Price {
  readonly inputUsdPerMtok: number;
  /** 0 for an embedding model. */
  readonly outputUsdPerMtok: number;
}

/** Prices by `provider/model`. A model that is not in it has an unknown price, which is not 0. */
export type PriceList = Readonly<Record<string, Price>>;

/** How much may be asked of a model; `null` for as much as it takes. All processes together keep to it. */
export interface ModelLimits {
  /** Calls in flight at once. */
  readonly concurrency: number | null;
  /** Calls begun in any 60 seconds. */
  readonly requestsPerMinute: number | null;
  /** Tokens of questions and answers in 60 seconds. */
  readonly tokensPerMinute: number | null;
}

/** Limits by `provider/model`; those under the key of a provider hold for all its models together. */
export type LimitList = Readonly<Record<string, ModelLimits>>;

/** What the judges need to know of the server's configuration: `config.ts` reads it from the variables named here. */
export interface JudgeSettings {
  /** The model of runs that name none, `EVAL_LLM_MODEL`. Null: the default model of the first configured provider. */
  readonly llmModel: string | null;
  /**
   * The models that may judge, `JUDGE_MODELS`, as `provider/model`; a `*` at the end stands for anything. Null: all. Does not
   * concern the model that embeds, which only the operator chooses.
   */
  readonly models: readonly string[] | null;
  /** The model that embeds, `EVAL_EMBEDDING_MODEL`. Null: that of the first configured provider that has one. */
  readonly embeddingModel: string | null;
  /**
   * Calls in flight at once in this process, to each model, `EVAL_CONCURRENCY`: so a model that hangs takes no other's
   * places.
   */
  readonly concurrency: number;
  /** How long one call may take, in milliseconds, until its last byte, `EVAL_CALL_TIMEOUT_SECONDS`. */
  readonly callTimeoutMs: number;
  /**
   * How long one question may take with all its tries and the waits between them, in milliseconds,
   * `EVAL_QUESTION_TIMEOUT_SECONDS`. Time spent in line for a place, or for a model that is down, is not counted.
   */
  readonly questionTimeoutMs: number;
  /** How often one question is asked before it is given up, the first time included, `EVAL_MAX_ATTEMPTS`. */
  readonly maxAttempts: number;
  /**
   * How long a question waits for a model that is down or refuses all calls, in milliseconds,
   * `EVAL_PROVIDER_PATIENCE_SECONDS`. Then its run fails.
   */
  readonly maxOutageMs: number;
  /** `JUDGE_LIMITS`: how much all processes together may ask of models and providers. */
  readonly limits: LimitList;
  /** The longest wait before the second try, in milliseconds; it doubles from try to try, up to 30 s. */
  readonly firstBackoffMs: number;
  /** The most tokens of one answer, reasoning included, `EVAL_MAX_OUTPUT_TOKENS`. Null: the provider's default here. */
  readonly maxOutputTokens: number | null;
  /** The most characters of a trace in one question, `EVAL_MAX_TRACE_CHARS`. Null: the provider's default here. */
  readonly maxTraceChars: number | null;
  /** `JUDGE_PRICES`: what models cost, over the prices that the server knows (`judge/prices`). */
  readonly prices: PriceList;
  readonly openai: {
    /** `OPENAI_API_KEY`. */
    readonly apiKey: string | null;
    /** `OPENAI_BASE_URL`: an OpenAI-compatible endpoint to call instead of OpenAI, such as `http://127.0.0.1:11434/v1`. */
    readonly baseUrl: string | null;
  };
  readonly anthropic: {
    /** `ANTHROPIC_API_KEY`. */
    readonly apiKey: string | null;
    /** `ANTHROPIC_BASE_URL`: a gateway that speaks Anthropic's API. Null: Anthropic itself. */
    readonly baseUrl: string | null;
  };
  readonly googleGenai: {
    /** `GEMINI_API_KEY`. */
    readonly apiKey: string | null;
    /** `GEMINI_BASE_URL`: a gateway that speaks the Gemini API. Null: Google itself. */
    readonly baseUrl: string | null;
  };
  readonly vertexAi: {
    /** `GOOGLE_CLOUD_PROJECT`. */
    readonly project: string | null;
    /** `VERTEX_AI_LOCATION`, else `GOOGLE_CLOUD_LOCATION`. Null: `global`. */
    readonly location: string | null;
  };
}

/** The judges of a server that was configured with nothing at all: the offline heuristic. */
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
  openai: { apiKey: null, baseUrl: null },
  anthropic: { apiKey: null, baseUrl: null },
  googleGenai: { apiKey: null, baseUrl: null },
  vertexAi: { project: null, location: null },
};
