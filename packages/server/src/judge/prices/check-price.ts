import type { JudgeSettings } from "../../judge-settings.ts";
import { ModelError } from "../model-error.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { llmProvider } from "../providers.ts";
import { priceOf } from "./price.ts";

/** What limits what a run may cost. */
export type CostLimit = "max_cost_usd" | "QUOTA_USD_PER_DAY";

/**
 * What a run with a limit needs of its models. The heuristic is free.
 *
 * @throws ModelError `price_unknown`
 */
export function checkPrice({ prices }: JudgeSettings, name: ModelName, limit: CostLimit): void {
  const model = formatModelName(name);
  if (llmProvider(name.provider) === undefined || priceOf(prices, model) !== null) return;
  throw new ModelError(
    "price_unknown",
    limit === "max_cost_usd"
      ? `A run with max_cost_usd needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server, or leave max_cost_usd out.`
      : `This server limits what projects spend in a day (QUOTA_USD_PER_DAY), so a run needs the price of ${model}, which is unknown. Add it to JUDGE_PRICES on the server.`,
  );
}
