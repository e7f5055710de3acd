import type { AttributeReader } from "./attribute-reader.ts";

/** The names that the server uses for counts, and the attributes that hold them. */
const counts = {
  prompt_tokens: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.usage.prompt_tokens",
    "llm.token_count.prompt",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
  ],
  completion_tokens: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens",
    "llm.token_count.completion",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  total_tokens: [
    "gen_ai.usage.total_tokens",
    "llm.usage.total_tokens",
    "llm.token_count.total",
    "ai.usage.totalTokens",
  ],
  cache_read_tokens: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.cachedInputTokens",
  ],
  cache_creation_tokens: [
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
  ],
  reasoning_tokens: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.reasoningTokens",
  ],
} as const;

const costs = {
  total: ["gen_ai.usage.cost", "llm.cost.total"],
  prompt: ["llm.cost.prompt"],
  completion: ["llm.cost.completion"],
} as const;

export function tokenUsage(attributes: AttributeReader): Record<string, number> | undefined {
  return numbers(attributes, counts);
}

/** In USD. */
export function cost(attributes: AttributeReader): Record<string, number> | undefined {
  return numbers(attributes, costs);
}

function numbers(
  attributes: AttributeReader,
  names: Readonly<Record<string, readonly string[]>>,
): Record<string, number> | undefined {
  const found: Record<string, number> = {};
  for (const [key, candidates] of Object.entries(names)) {
    const number = attributes.number(...candidates);
    if (number !== undefined) found[key] = number;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
