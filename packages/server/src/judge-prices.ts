import { z } from "zod";
import type { PriceList } from "./judge-settings.ts";
import { readJson } from "./read-json.ts";

const usd = z.number().min(0).max(1_000_000);
const price = z.strictObject({ input_usd_per_mtok: usd, output_usd_per_mtok: usd.default(0) });
const schema = z.record(z.string(), price).superRefine((prices, context) => {
  for (const name of Object.keys(prices)) {
    if (!/^[^/]+\/.+$/.test(name)) {
      context.addIssue({ code: "custom", path: [name], message: "is no provider/model" });
    }
  }
});

/**
 * Reads `JUDGE_PRICES`: JSON itself, or the path of a file with it.
 *
 * @throws Error that says what is wrong with it.
 */
export function readJudgePrices(text: string): PriceList {
  const prices = schema.parse(readJson(text));
  return Object.fromEntries(
    Object.entries(prices).map(([model, price]) => [
      model,
      { inputUsdPerMtok: price.input_usd_per_mtok, outputUsdPerMtok: price.output_usd_per_mtok },
    ]),
  );
}
