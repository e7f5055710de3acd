import type { ModelPrice } from "@pandaprobe/contract";
import { listPrices as builtIn, type Price, type PriceList } from "@pandaprobe/contract/rules";

/** The price of a model (`provider/model`): the configured one, or the known one; `null` if there is neither. */
export function priceOf(configured: PriceList, model: string): Price | null {
  return entry(configured, model) ?? entry(builtIn, model);
}

/** All prices, those that are configured first. */
export function listPrices(configured: PriceList): ModelPrice[] {
  return Object.entries({ ...configured, ...builtIn, ...configured }).map(([model, price]) => ({
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
