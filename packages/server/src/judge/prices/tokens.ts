import type { LedgerCall } from "../ledger/ledger.ts";

/**
 * What providers and models add to what is sent: chat templates, the instructions for a format or for a tool (Anthropic: 313
 * to 804 tokens), marks around texts to embed.
 */
const WRAPPING_TOKENS = 1_024;

/** Models make about one token of five bytes of English prose, and more of anything else. */
const MOST_BYTES_PER_TOKEN = 5;

/** A score and a reason of a few words, from a model that does not think first. */
const SHORT_ANSWER_TOKENS = 16;

/** The most tokens that this can be counted as when it is sent: no tokenizer makes more of a text than it has bytes. */
export function mostTokens(sent: unknown): number {
  return Buffer.byteLength(JSON.stringify(sent)) + WRAPPING_TOKENS;
}

/** About how many tokens so many characters are, for rate limits; the provider's own count corrects it. */
export function aboutTokens(chars: number): number {
  return Math.ceil(chars / 4);
}

type Most = Pick<LedgerCall, "mostInputTokens" | "mostOutputTokens">;

/** The fewest tokens that a call's prompt is likely to be counted as. */
export function fewestInputTokens({ mostInputTokens }: Most): number {
  return Math.floor((mostInputTokens - WRAPPING_TOKENS) / MOST_BYTES_PER_TOKEN);
}

/** The same of its answer. */
export function fewestOutputTokens({ mostOutputTokens }: Most): number {
  return Math.min(SHORT_ANSWER_TOKENS, mostOutputTokens);
}
