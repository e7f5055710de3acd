import type { JudgeSettings } from "../../judge-settings.ts";
import { ModelError } from "../model-error.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { llmProvider } from "../providers.ts";
import { priceOf } from "./price.ts";

/**
 * What a run with a limit needs of its models. The heuristic is free.
 *
 * @throws ModelError `price_unknown`
 */
export function checkPrice({ prices }: JudgeSettings, name: ModelName): void {
  const model = formatModelName(name);
  if (llmProvider(name.provider) === undefined || priceOf(prices, model) !== null) return;
  throw new ModelError(
    "price_unknown",
    `A run with max_cost_usd needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.`,
  );
}
