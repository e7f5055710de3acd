import { describe, expect, it } from "vitest";
import { createJudges } from "../../src/judge/judges.ts";
import { ModelError } from "../../src/judge/model-error.ts";
import type { JudgeSettings } from "../../src/judge-settings.ts";
import { settingsWith } from "./support.ts";

const openai = { openai: { apiKey: "sk-a", baseUrl: null } };
const anthropic = { anthropic: { apiKey: "sk-b", baseUrl: null } };
const google = { googleGenai: { apiKey: "AIza-c", baseUrl: null } };
const vertex = { vertexAi: { project: "p", location: null } };

function resolve(model: string | null, settings: Partial<JudgeSettings>, embeddings = false) {
  return createJudges(settingsWith(settings)).resolve(model, { embeddings });
}

function refusal(model: string | null, settings: Partial<JudgeSettings>, embeddings = false): ModelError {
  try {
    resolve(model, settings, embeddings);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("It resolved.");
}

describe("the model that judges", () => {
  it.each([
    ["openai/gpt-5.4", openai, "openai/gpt-5.4"],
    ["openai/meta-llama/Llama-3", openai, "openai/meta-llama/Llama-3"],
    ["gpt-5.4", openai, "openai/gpt-5.4"],
    ["o4-mini", openai, "openai/o4-mini"],
    ["claude-sonnet-5", anthropic, "anthropic/claude-sonnet-5"],
    ["gemini-3.6-flash", google, "google_genai/gemini-3.6-flash"],
    ["vertex_ai/gemini-3.6-flash", vertex, "vertex_ai/gemini-3.6-flash"],
    [" gpt-5.4 ", openai, "openai/gpt-5.4"],
    ["heuristic/v1", openai, "heuristic/v1"],
    [
      "openai/llama3.2",
      { openai: { apiKey: null, baseUrl: "http://127.0.0.1:11434/v1" } },
      "openai/llama3.2",
    ],
  ])("is the one asked for: %s", (asked, settings, expected) => {
    expect(resolve(asked, settings)).toEqual({ model: expected, embeddingModel: null });
  });

  it.each([
    ["nothing", {}, "heuristic/v1"],
    ["vertex_ai", vertex, "vertex_ai/gemini-3.6-flash"],
    ["google_genai", { ...google, ...vertex }, "google_genai/gemini-3.6-flash"],
    ["anthropic", { ...anthropic, ...google, ...vertex }, "anthropic/claude-haiku-5-5"],
    ["openai", { ...openai, ...anthropic, ...google, ...vertex }, "openai/gpt-5.4-mini"],
    [
      "EVAL_LLM_MODEL",
      { ...openai, ...google, llmModel: "gemini-3.8-flash" },
      "google_genai/gemini-3.8-flash",
    ],
    ["EVAL_LLM_MODEL=heuristic/v1", { ...openai, llmModel: "heuristic/v1" }, "heuristic/v1"],
  ])("is by default that of what is configured first: %s", (_first, settings, expected) => {
    expect(resolve(null, settings).model).toBe(expected);
  });

  it.each([
    "llama3",
    "mistral/large",
    "openai/",
    "/gpt-5.4",
    "",
    "OpenAI/gpt-5.4",
    "heuristic/v2",
    "gpt-4/x",
  ])("is refused where it leads to no provider: %j", (asked) => {
    expect(refusal(asked, openai).code).toBe("unknown_model_provider");
  });

  it.each([
    ["gpt-5.4", "OPENAI_API_KEY"],
    ["claude-opus-5", "ANTHROPIC_API_KEY"],
    ["gemini-3.6-flash", "GEMINI_API_KEY"],
    ["vertex_ai/gemini-3.6-flash", "GOOGLE_CLOUD_PROJECT"],
  ])("is refused where its provider is not configured, naming what is missing: %s", (asked, variable) => {
    const error = refusal(asked, {});
    expect(error.code).toBe("provider_not_configured");
    expect(error.message).toContain(variable);
  });

  it("is refused the same where it comes from EVAL_LLM_MODEL, which is named too", () => {
    const error = refusal(null, { ...openai, llmModel: "claude-opus-5" });
    expect(error.code).toBe("provider_not_configured");
    expect(error.message).toMatch(/EVAL_LLM_MODEL.*ANTHROPIC_API_KEY/);
  });

  it("is checked at start where it comes from the environment", () => {
    expect(() => createJudges(settingsWith({ llmModel: "llama3" }))).toThrow(/^EVAL_LLM_MODEL: /);
    expect(() => createJudges(settingsWith({ embeddingModel: "bge" }))).toThrow(/^EVAL_EMBEDDING_MODEL: /);
    const price = { inputUsdPerMtok: 1, outputUsdPerMtok: 1 };
    const prices = { "openai/mine": price, "opanai/mine": price };
    expect(() => createJudges(settingsWith({ prices }))).toThrow(/^JUDGE_PRICES: .*opanai/);
  });
});

describe("the model that embeds", () => {
  it.each([
    ["with nothing configured", null, {}, "heuristic/v1"],
    ["for the heuristic, whatever else is configured", "heuristic/v1", openai, "heuristic/v1"],
    ["of openai", null, openai, "openai/text-embedding-3-small"],
    [
      "of another provider, where the judge's has none",
      null,
      { ...anthropic, ...google },
      "google_genai/gemini-embedding-001",
    ],
    [
      "of the first provider that has one",
      "gemini-3.6-flash",
      { ...openai, ...google },
      "openai/text-embedding-3-small",
    ],
    ["of vertex_ai", null, vertex, "vertex_ai/gemini-embedding-001"],
    ["EVAL_EMBEDDING_MODEL", null, { ...openai, embeddingModel: "openai/nomic/embed" }, "openai/nomic/embed"],
    [
      "EVAL_EMBEDDING_MODEL=heuristic/v1",
      null,
      { ...anthropic, embeddingModel: "heuristic/v1" },
      "heuristic/v1",
    ],
  ])("is that %s", (_case, asked, settings, expected) => {
    expect(resolve(asked, settings, true).embeddingModel).toBe(expected);
  });

  it.each([
    ["no provider has one", anthropic],
    [
      "EVAL_EMBEDDING_MODEL names a provider that has none",
      { ...anthropic, embeddingModel: "anthropic/claude-haiku-5-5" },
    ],
    [
      "EVAL_EMBEDDING_MODEL names one that is not configured",
      { ...anthropic, embeddingModel: "openai/text-embedding-3-small" },
    ],
  ])("is refused, naming EVAL_EMBEDDING_MODEL, where %s", (_case, settings) => {
    const error = refusal(null, settings, true);
    expect(error.code).toBe("embedding_model_not_configured");
    expect(error.message).toContain("EVAL_EMBEDDING_MODEL");
  });

  it("is not asked for by a run that does not embed", () => {
    expect(resolve(null, anthropic)).toEqual({ model: "anthropic/claude-haiku-5-5", embeddingModel: null });
  });

  it("fails the question, with the same advice, where it is missing after all", async () => {
    const judge = createJudges(settingsWith(anthropic)).judgeFor("anthropic/claude-haiku-5-5");
    await expect(judge.embed(["a"], new AbortController().signal)).rejects.toThrow(/EVAL_EMBEDDING_MODEL/);
  });
});
