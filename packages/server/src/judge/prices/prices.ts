import type { ModelPrice } from "@pandaprobe/contract";
import type { Price, PriceList } from "../../config/judge-settings.ts";

/**
 * The providers' list prices of June 2026 for short prompts, without discounts for cached input or batches. `JUDGE_PRICES`
 * corrects and extends them.
 */
const knownPrices: PriceList = {
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

/** The price of a model (`provider/model`): the configured one, or the known one; `null` if there is neither. */
export function priceOf(configured: PriceList, model: string): Price | null {
  return entry(configured, model) ?? entry(knownPrices, model);
}

/** All prices, those that are configured first. */
export function listPrices(configured: PriceList): ModelPrice[] {
  return Object.entries({ ...configured, ...knownPrices, ...configured }).map(([model, price]) => ({
    model,
    input_usd_per_mtok: price.inputUsdPerMtok,
    output_usd_per_mtok: price.outputUsdPerMtok,
    is_configured: Object.hasOwn(configured, model),
  }));
}

/** The cost of tokens in USD; `null` if the price is unknown. */
export function costUsd(price: Price | null, inputTokens: number, outputTokens: number): number | null {
  if (price === null) return null;
  const usd = (inputTokens * price.inputUsdPerMtok + outputTokens * price.outputUsdPerMtok) / 1e6;
  // Prices are decimal: 3 tokens at 0.1 cost 3e-7, not 3.0000000000000004e-7. Such binary errors would add up.
  return Number(usd.toPrecision(15));
}

function entry(prices: PriceList, model: string): Price | null {
  return Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
}

function price(inputUsdPerMtok: number, outputUsdPerMtok: number): Price {
  return { inputUsdPerMtok, outputUsdPerMtok };
}
