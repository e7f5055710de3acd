import type { SpanCreate } from "../spans.ts";

/** A larger count is cut to this. */
export const maxTokens = Number.MAX_SAFE_INTEGER;
/** Far beyond any real cost in USD, and small enough that sums of it stay finite. */
const maxCost = 1e12;

/**
 * The tokens of a span: prompt (or input) plus completion (or output) tokens if either is given, else `total_tokens`.
 * Anything but a number counts as 0.
 */
export function tokenCounts(usage: SpanCreate["token_usage"]) {
  const prompt = number(usage?.["prompt_tokens"]) ?? number(usage?.["input_tokens"]);
  const completion = number(usage?.["completion_tokens"]) ?? number(usage?.["output_tokens"]);
  const total =
    prompt === undefined && completion === undefined
      ? number(usage?.["total_tokens"])
      : (prompt ?? 0) + (completion ?? 0);
  return {
    total_tokens: count(total),
    prompt_tokens: count(prompt),
    completion_tokens: count(completion),
  };
}

/** The cost of a span in USD: `total`, else the sum of its parts. */
export function totalCost(cost: SpanCreate["cost"]): number {
  if (cost == null) return 0;
  const total =
    number(cost["total"]) ?? Object.values(cost).reduce((sum, part) => sum + (number(part) ?? 0), 0);
  return Math.min(Math.max(total, -maxCost), maxCost);
}

function count(tokens = 0): number {
  return Math.trunc(Math.min(Math.max(tokens, 0), maxTokens));
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
