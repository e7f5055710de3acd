import type { LedgerCall } from "../ledger/ledger.ts";

/**
 * What providers and models add to a prompt: chat templates, instructions for a format or a tool (Anthropic: 313 to 804 tokens),
 * markers around texts to embed.
 */
const WRAPPING_TOKENS = 1_024;

/** English prose takes about one token per five bytes; anything else takes more. */
const MOST_BYTES_PER_TOKEN = 5;

/** A score and a short reason, from a model without reasoning. */
const SHORT_ANSWER_TOKENS = 16;

/** The most tokens that `sent` can be counted as: no tokenizer yields more tokens than a text has bytes. */
export function maxTokensOf(sent: unknown): number {
  return Buffer.byteLength(JSON.stringify(sent)) + WRAPPING_TOKENS;
}

/** An estimate of the tokens in a text of this length, for rate limits. The provider's own count corrects it later. */
export function estimateTokens(chars: number): number {
  return Math.ceil(chars / 4);
}

type Most = Pick<LedgerCall, "maxInputTokens" | "maxOutputTokens">;

/** The fewest tokens that a prompt is likely to be counted as. */
export function minInputTokens({ maxInputTokens }: Most): number {
  return Math.floor((maxInputTokens - WRAPPING_TOKENS) / MOST_BYTES_PER_TOKEN);
}

/** The fewest tokens that an answer is likely to have. */
export function minOutputTokens({ maxOutputTokens }: Most): number {
  return Math.min(SHORT_ANSWER_TOKENS, maxOutputTokens);
}
