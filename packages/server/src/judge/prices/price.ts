import type { Price, PriceList } from "../../judge-settings.ts";
import { knownPrices } from "./known-prices.ts";

/** What a model (`provider/model`) costs: as configured, else as known here; `null` where nobody said. */
export function priceOf(configured: PriceList, model: string): Price | null {
  return entry(configured, model) ?? entry(knownPrices, model);
}

/** The cost of so many tokens in USD; `null` where the price is unknown. */
export function costUsd(price: Price | null, inputTokens: number, outputTokens: number): number | null {
  if (price === null) return null;
  const usd = (inputTokens * price.inputUsdPerMtok + outputTokens * price.outputUsdPerMtok) / 1e6;
  // Prices are decimal: 3 tokens at 0.1 cost 3e-7, and not the 3.0000000000000004e-7 of binary fractions, which adds up.
  return Number(usd.toPrecision(15));
}

function entry(prices: PriceList, model: string): Price | null {
  return Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
}
