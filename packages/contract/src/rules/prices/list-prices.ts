/** The price of a model, in USD per million tokens. */
export interface Price {
  readonly inputUsdPerMtok: number;
  /** 0 for an embedding model. */
  readonly outputUsdPerMtok: number;
  /** For input read from the provider's cache. Default: `inputUsdPerMtok`. */
  readonly cachedInputUsdPerMtok?: number | undefined;
  /** For input written to the provider's cache. Default: `inputUsdPerMtok`. */
  readonly cacheWriteUsdPerMtok?: number | undefined;
  /** The longest input that has this price, in tokens. Default: any. */
  readonly maxInputTokens?: number | undefined;
}

/** Prices by the model's name. The price of a model that is not listed is unknown, not 0. */
export type PriceList = Readonly<Record<string, Price>>;

const openai = {
  "gpt-5.5": { ...price(5, 30, 0.5), maxInputTokens: 272_000 },
  "gpt-5.4": { ...price(2.5, 15, 0.25), maxInputTokens: 272_000 },
  "gpt-5.4-mini": price(0.75, 4.5, 0.075),
  "gpt-5.4-nano": price(0.2, 1.25, 0.02),
  "gpt-5.2": price(1.75, 14, 0.175),
  "gpt-5.1": price(1.25, 10, 0.125),
  "gpt-5": price(1.25, 10, 0.125),
  "gpt-5-mini": price(0.25, 2, 0.025),
  "gpt-5-nano": price(0.05, 0.4, 0.005),
  "gpt-4.1": price(2, 8, 0.5),
  "gpt-4.1-mini": price(0.4, 1.6, 0.1),
  "gpt-4.1-nano": price(0.1, 0.4, 0.025),
  "gpt-4o": price(2.5, 10, 1.25),
  "gpt-4o-2024-05-13": price(5, 15),
  "gpt-4o-mini": price(0.15, 0.6, 0.075),
  "gpt-4-turbo": price(10, 30),
  o1: price(15, 60, 7.5),
  o3: price(2, 8, 0.5),
  "o3-mini": price(1.1, 4.4, 0.55),
  "o4-mini": price(1.1, 4.4, 0.275),
  "text-embedding-3-small": price(0.02, 0),
  "text-embedding-3-large": price(0.13, 0),
  "text-embedding-ada-002": price(0.1, 0),
};

const anthropic = {
  "claude-opus-4-7": claude(5, 25),
  "claude-opus-4-6": claude(5, 25),
  "claude-opus-4-5": claude(5, 25),
  "claude-opus-4-1": claude(15, 75),
  "claude-opus-4": claude(15, 75),
  "claude-opus-4-0": claude(15, 75),
  "claude-sonnet-4-6": claude(3, 15),
  "claude-sonnet-4-5": { ...claude(3, 15), maxInputTokens: 200_000 },
  "claude-sonnet-4": { ...claude(3, 15), maxInputTokens: 200_000 },
  "claude-sonnet-4-0": { ...claude(3, 15), maxInputTokens: 200_000 },
  "claude-haiku-4-5": claude(1, 5),
  "claude-3-7-sonnet": claude(3, 15),
  "claude-3-5-sonnet": claude(3, 15),
  "claude-3-5-haiku": claude(0.8, 4),
};

const google = {
  "gemini-3-pro-preview": { ...price(2, 12, 0.2), maxInputTokens: 200_000 },
  "gemini-3-flash-preview": price(0.5, 3, 0.05),
  "gemini-2.5-pro": { ...price(1.25, 10, 0.125), maxInputTokens: 200_000 },
  "gemini-2.5-flash": price(0.3, 2.5, 0.03),
  "gemini-2.5-flash-lite": price(0.1, 0.4, 0.01),
  "gemini-2.0-flash": price(0.1, 0.4, 0.025),
  "gemini-2.0-flash-lite": price(0.075, 0.3),
  "gemini-embedding-001": price(0.15, 0),
};

/**
 * The providers' list prices of June 2026 by `provider/model`, for text and without discounts for batches. Prices of
 * cache writes are those of the five-minute cache.
 */
export const listPrices: PriceList = {
  ...named("openai", openai),
  ...named("anthropic", anthropic),
  ...named("google_genai", google),
  ...named("vertex_ai", google),
};

function named(provider: string, prices: PriceList): PriceList {
  return Object.fromEntries(Object.entries(prices).map(([model, its]) => [`${provider}/${model}`, its]));
}

function price(inputUsdPerMtok: number, outputUsdPerMtok: number, cachedInputUsdPerMtok?: number): Price {
  return { inputUsdPerMtok, outputUsdPerMtok, cachedInputUsdPerMtok };
}

function claude(input: number, output: number): Price {
  return { ...price(input, output, input / 10), cacheWriteUsdPerMtok: input * 1.25 };
}
