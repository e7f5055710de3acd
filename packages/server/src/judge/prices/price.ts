import type { Price, PriceList } from "../../judge-settings.ts";
import { knownPrices } from "./known-prices.ts";

/** What a model (`provider/model`) costs: as configured, else as known here; `null` where nobody said. */
export function priceOf(configured: PriceList, model: string): Price | null {
  return entry(configured, model) ?? entry(knownPrices, model);
}

/** The cost of so many tokens in USD; `null` where the price is unknown. */
export function costUsd(price: Price | null, inputTokens: number, outputTokens: number): number | null {
  if (price === null) return null;
  return (inputTokens * price.inputUsdPerMtok + outputTokens * price.outputUsdPerMtok) / 1e6;
}

function entry(prices: PriceList, model: string): Price | null {
  return Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
}
