import { z } from "zod";

/** The cost of several spans. */
export const costTotals = {
  total_cost: z.number().describe("In USD: the sum of the costs that are known."),
  unpriced_spans: z
    .int()
    .describe(
      "LLM and EMBEDDING spans with a model or tokens whose cost is unknown. With some, `total_cost` is a lower bound.",
    ),
};
