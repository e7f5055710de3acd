import type { Price, PriceList } from "../../judge-settings.ts";

/**
 * What providers listed for short prompts, without discounts for cached input or batches, in June 2026. Prices change:
 * `JUDGE_PRICES` corrects and extends them.
 */
export const knownPrices: PriceList = {
  "openai/gpt-5.5": price(5, 30),
  "openai/gpt-5.4": price(2.5, 15),
  "openai/gpt-5.4-mini": price(0.75, 4.5),
  "openai/gpt-5.4-nano": price(0.2, 1.25),
  "openai/text-embedding-3-small": price(0.02, 0),
  "openai/text-embedding-3-large": price(0.13, 0),
  "anthropic/claude-haiku-4-5": price(1, 5),
  "google_genai/gemini-embedding-001": price(0.15, 0),
  "vertex_ai/gemini-embedding-001": price(0.15, 0),
};

function price(inputUsdPerMtok: number, outputUsdPerMtok: number): Price {
  return { inputUsdPerMtok, outputUsdPerMtok };
}
