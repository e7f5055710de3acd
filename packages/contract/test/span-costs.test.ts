import { computedCost, listPrices, spanPrices } from "@pandaprobe/contract/rules";
import { describe, expect, test } from "vitest";

const prices = spanPrices({ spans: {}, judges: {} });
const price = (inputUsdPerMtok: number, outputUsdPerMtok: number) => ({ inputUsdPerMtok, outputUsdPerMtok });

describe("the price of a model as senders write it", () => {
  test.each([
    ["gpt-4o-mini", "openai/gpt-4o-mini"],
    [" GPT-4o-mini ", "openai/gpt-4o-mini"],
    ["gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"],
    ["gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"],
    ["openai/gpt-4o", "openai/gpt-4o"],
    ["openai:gpt-4o", "openai/gpt-4o"],
    ["text-embedding-3-small", "openai/text-embedding-3-small"],
    ["models/gemini-2.5-flash", "google_genai/gemini-2.5-flash"],
    ["gemini/gemini-2.5-flash", "google_genai/gemini-2.5-flash"],
    ["google_genai/models/gemini-2.5-flash", "google_genai/gemini-2.5-flash"],
    ["gemini-2.0-flash-001", "google_genai/gemini-2.0-flash"],
    ["gemini-embedding-001", "google_genai/gemini-embedding-001"],
    ["projects/p/locations/europe-west1/publishers/google/models/gemini-2.5-pro", "vertex_ai/gemini-2.5-pro"],
    ["claude-haiku-4-5-20251001", "anthropic/claude-haiku-4-5"],
    ["claude-3-5-haiku-latest", "anthropic/claude-3-5-haiku"],
    ["anthropic/claude-haiku-4.5", "anthropic/claude-haiku-4-5"],
    ["anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic/claude-haiku-4-5"],
    ["global.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic/claude-haiku-4-5"],
  ])("%s is %s", (model, listed) => {
    expect(listPrices[listed]).toBeDefined();
    expect(prices(model)).toBe(listPrices[listed]);
  });

  test.each([
    "",
    "/",
    "gpt-4o-audio-preview",
    "gpt-4",
    "gpt-4o-mini-2024",
    "chatgpt-4o-latest",
    "gpt-4o-latest",
    "ft:gpt-4o-mini:acme::7p4lURel",
    "openai/gpt-4o:free",
    "azure/gpt-4o",
    "openai/claude-haiku-4-5",
    "google/gpt-4o",
    "anthropic:gemini-2.5-pro",
    "gemini-2.5-flash-preview-04-17",
    "models/gpt-4o",
    "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "mistral-large-latest",
    "__proto__",
    "constructor",
    `${"a/".repeat(120)}gpt-4o`,
  ])("%j is unknown", (model) => {
    expect(prices(model)).toBeNull();
  });

  test("is first the operator's: by the sender's name, then by provider and model", () => {
    const own = spanPrices({
      spans: { "azure/my-deployment": price(7, 8), "gpt-4o-2024-08-06": price(1, 2) },
      judges: { "openai/gpt-4o": price(3, 4), "gemini/gemini-2.5-pro": price(5, 6) },
    });
    expect(own("azure/my-deployment")).toEqual(price(7, 8));
    expect(own("gpt-4o-2024-08-06")).toEqual(price(1, 2));
    expect(own("gpt-4o-2024-11-20")).toEqual(price(3, 4));
    expect(own("models/gemini-2.5-pro")).toEqual(price(5, 6));
    // Vertex AI has another price now, and the name does not say which is meant.
    expect(own("gemini-2.5-pro")).toBeNull();
  });
});

describe("the cost of a span", () => {
  const costOf = (token_usage: Record<string, unknown>, model = "claude-haiku-4-5") =>
    computedCost({ kind: "LLM", model, token_usage }, prices);

  test.each([
    ["plain tokens", { prompt_tokens: 1000, completion_tokens: 100 }, 0.0015],
    ["Anthropic's names", { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 }, 0.0015],
    [
      "cached input within the input",
      { input_tokens: 1000, output_tokens: 100, cache_read_tokens: 400 },
      0.00114,
    ],
    [
      "cached input in details",
      { prompt_tokens: 1000, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 400 } },
      0.00114,
    ],
    [
      "written input within the input",
      { prompt_tokens: 1000, completion_tokens: 100, cache_creation_tokens: 400 },
      0.0016,
    ],
    [
      "Anthropic's own counts, which leave cached input out",
      { input_tokens: 600, output_tokens: 100, cache_read_input_tokens: 400, cache_creation_input_tokens: 0 },
      0.00114,
    ],
    [
      "more cached input than input",
      { input_tokens: 100, output_tokens: 0, cache_read_tokens: 400 },
      0.00014,
    ],
    [
      "reasoning within the answer",
      { prompt_tokens: 1000, completion_tokens: 100, reasoning_tokens: 50, total_tokens: 1100 },
      0.0015,
    ],
    [
      "reasoning beside the answer",
      { prompt_tokens: 1000, completion_tokens: 100, reasoning_tokens: 50, total_tokens: 1150 },
      0.00175,
    ],
  ])("counts %s", (_, usage, usd) => {
    expect(costOf(usage)).toBe(usd);
  });

  test.each([
    ["only a total", { total_tokens: 1000 }],
    ["no answer", { prompt_tokens: 1000 }],
    ["no input", { completion_tokens: 100 }],
    ["an input of nothing", { prompt_tokens: 0, completion_tokens: 0 }],
    ["tokens that are no numbers", { prompt_tokens: "1000", completion_tokens: 100 }],
    ["a total that other tokens are part of", { prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 }],
    ["audio", { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { audio_tokens: 3 } }],
    [
      "a cache of one hour",
      { input_tokens: 10, output_tokens: 5, cache_creation: { ephemeral_1h_input_tokens: 3 } },
    ],
  ])("is unknown with %s", (_, usage) => {
    expect(costOf(usage)).toBeNull();
  });

  test("is unknown for an input that is longer than the listed price covers", () => {
    expect(costOf({ prompt_tokens: 200_000, completion_tokens: 1 }, "gemini-2.5-pro")).toBe(0.25001);
    expect(costOf({ prompt_tokens: 200_001, completion_tokens: 1 }, "gemini-2.5-pro")).toBeNull();
  });

  test("is known for embeddings without an output", () => {
    const span = { kind: "EMBEDDING", model: "text-embedding-3-small" } as const;
    expect(computedCost({ ...span, token_usage: { total_tokens: 1000 } }, prices)).toBe(0.00002);
    expect(computedCost({ ...span, token_usage: { prompt_tokens: 1000 } }, prices)).toBe(0.00002);
  });

  test("is only computed for model calls whose sender gave none", () => {
    const span = {
      kind: "LLM",
      model: "gpt-4o",
      token_usage: { prompt_tokens: 1, completion_tokens: 1 },
    } as const;
    expect(computedCost(span, prices)).not.toBeNull();
    expect(computedCost({ ...span, cost: null }, prices)).not.toBeNull();
    expect(computedCost({ ...span, cost: {} }, prices)).not.toBeNull();
    expect(computedCost({ ...span, cost: { total: 0 } }, prices)).toBeNull();
    expect(computedCost({ ...span, kind: "AGENT" }, prices)).toBeNull();
    expect(computedCost({ ...span, model: null }, prices)).toBeNull();
    expect(computedCost({ ...span, token_usage: null }, prices)).toBeNull();
  });
});
