/**
 * What providers and models put around what is sent: chat templates, the words that ask for a form of answer or offer it as
 * a tool (Anthropic: 313 to 804 tokens), marks around texts to embed.
 */
export const WRAPPING_TOKENS = 1_024;

/** The most tokens that this can be counted as when it is sent: no tokenizer makes more of a text than it has bytes. */
export function mostTokens(sent: unknown): number {
  return Buffer.byteLength(JSON.stringify(sent)) + WRAPPING_TOKENS;
}
