import { z } from "zod";

/** The cost of several spans. */
export const costTotals = {
  total_cost: z.number().describe("In USD: the sum of the known costs."),
  unpriced_spans: z
    .int()
    .describe(
      "LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound.",
    ),
};
