import { ModelError } from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";
import type { JudgeSettings } from "../../src/config/judge-settings.ts";
import { createJudges } from "../../src/judge/judges.ts";
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
    ["gemini/gemini-3.6-flash", google, "google_genai/gemini-3.6-flash"],
    ["google_genai/models/gemini-3.6-flash", google, "google_genai/models/gemini-3.6-flash"],
    ["google_genai/tunedModels/my-judge-7", google, "google_genai/tunedModels/my-judge-7"],
    [
      "vertex_ai/publishers/google/models/gemini-3.6@001",
      vertex,
      "vertex_ai/publishers/google/models/gemini-3.6@001",
    ],
    ["vertex_ai/endpoints/1234567890", vertex, "vertex_ai/endpoints/1234567890"],
    ["openai/@cf/meta/llama-3.1_8b:free", openai, "openai/@cf/meta/llama-3.1_8b:free"],
    ["anthropic/anthropic/claude-opus-5", anthropic, "anthropic/anthropic/claude-opus-5"],
    [`openai/${"x".repeat(200)}`, openai, `openai/${"x".repeat(200)}`],
    [
      "openai/llama3.2",
      { openai: { apiKey: null, baseUrl: "http://127.0.0.1:11434/v1" } },
      "openai/llama3.2",
    ],
  ])("is the requested one: %s", (asked, settings, expected) => {
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
  ])("is by default that of the first configured provider: %s", (_first, settings, expected) => {
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
  ])("is refused if it implies no provider: %j", (asked) => {
    expect(refusal(asked, openai).code).toBe("unknown_model_provider");
  });

  it.each([
    ["gpt-5.4", "OPENAI_API_KEY"],
    ["claude-opus-5", "ANTHROPIC_API_KEY"],
    ["gemini-3.6-flash", "GEMINI_API_KEY"],
    ["vertex_ai/gemini-3.6-flash", "GOOGLE_CLOUD_PROJECT"],
  ])("is refused if its provider is not configured, with the missing variable: %s", (asked, variable) => {
    const error = refusal(asked, {});
    expect(error.code).toBe("provider_not_configured");
    expect(error.message).toContain(variable);
  });

  it("is refused in the same way if it comes from EVAL_LLM_MODEL, which the message names", () => {
    const error = refusal(null, { ...openai, llmModel: "claude-opus-5" });
    expect(error.code).toBe("provider_not_configured");
    expect(error.message).toMatch(/EVAL_LLM_MODEL.*ANTHROPIC_API_KEY/);
  });

  it("is checked at start if it comes from the environment", () => {
    expect(() => createJudges(settingsWith({ llmModel: "llama3" }))).toThrow(/^EVAL_LLM_MODEL: /);
    expect(() => createJudges(settingsWith({ embeddingModel: "bge" }))).toThrow(/^EVAL_EMBEDDING_MODEL: /);
    const price = { inputUsdPerMtok: 1, outputUsdPerMtok: 1 };
    const prices = { "openai/mine": price, "opanai/mine": price };
    expect(() => createJudges(settingsWith({ prices }))).toThrow(/^JUDGE_PRICES: .*opanai/);
  });
});

describe("the name of a model", () => {
  it.each([
    ...[
      "..",
      "a/../b",
      "x?key=1",
      "x#y",
      "x%2e",
      "a b",
      "a//b",
      "a/",
      "/a",
      "a\\b",
      "a\nb",
      "ä",
      "x&y",
      "a..b",
    ].map((model) => `openai/${model}`),
    ...["../x", "a..b", "x?y", "x#", "x%2f"].map((model) => `anthropic/${model}`),
    ...[
      "x/../../../../internal/api#",
      "x/y",
      "models/../x",
      "models/x/y",
      "models/",
      "publishers/./models/x",
      "publishers/google/models/x/y",
      "endpoints/abc",
      "endpoints/1/x",
      "x:embedContent",
      ".",
      "models/.",
      "corpora/x",
    ].flatMap((model) => [`google_genai/${model}`, `vertex_ai/${model}`]),
    `openai/${"x".repeat(201)}`,
    `gpt-${"x".repeat(10_000)}`,
    "gpt-5?x",
  ])("is refused if it could be more than a name: %j", (asked) => {
    const error = refusal(asked, { ...openai, ...anthropic, ...google, ...vertex });
    expect(error.code).toBe("invalid_model_name");
    expect(error.message.length).toBeLessThan(500);
  });

  it.each([
    ["opanai/gpt-5.4", "openai"],
    ["OpenAI/gpt-5.4", "openai"],
    ["antropic/claude-opus-5", "anthropic"],
    ["google/gemini-3.6-flash", "google_genai"],
    ["google-genai/gemini-3.6-flash", "google_genai"],
    ["gemni/gemini-3.6-flash", "google_genai"],
    ["vertexai/gemini-3.6-flash", "vertex_ai"],
    ["claude/opus-5", "anthropic"],
  ])("gets the most similar provider as a suggestion if it names none: %s", (asked, provider) => {
    const { code, message } = refusal(asked, openai);
    expect(code).toBe("unknown_model_provider");
    expect(message).toContain(`Did you mean ${provider}/…?`);
  });

  it("gets no suggestion if no provider is similar", () => {
    for (const asked of ["mistral/large", "llama3", "x", ""]) {
      expect(refusal(asked, openai).message).not.toContain("Did you mean");
    }
  });

  it("is canonical in prices, limits and the environment, whatever alias of Google is used", () => {
    const settings = { ...google, llmModel: "gemini/x", embeddingModel: "gemini/e" };
    expect(resolve(null, settings, true)).toEqual({
      model: "google_genai/x",
      embeddingModel: "google_genai/e",
    });
    const price = { inputUsdPerMtok: 1, outputUsdPerMtok: 2 };
    const judges = createJudges(settingsWith({ ...settings, prices: { "gemini/x": price } }));
    expect(judges.priceOf("google_genai/x")).toEqual(price);
  });

  it.each([
    ["EVAL_LLM_MODEL", { llmModel: "openai/a b" }],
    ["EVAL_EMBEDDING_MODEL", { embeddingModel: "google_genai/../x" }],
    ["JUDGE_PRICES", { prices: { "openai/x?": { inputUsdPerMtok: 1, outputUsdPerMtok: 1 } } }],
    [
      "JUDGE_LIMITS",
      { limits: { "openai/x?": { concurrency: 1, requestsPerMinute: null, tokensPerMinute: null } } },
    ],
    ["JUDGE_MODELS", { models: ["openai/x y"] }],
    ["JUDGE_MODELS", { models: ["unknown/*"] }],
    ["JUDGE_MODELS", { models: ["openai/a", ""] }],
  ])("is checked at start if it is in %s", (variable, settings) => {
    expect(() => createJudges(settingsWith(settings))).toThrow(new RegExp(`^${variable}: `));
  });
});

describe("JUDGE_MODELS", () => {
  const models = ["openai/gpt-5*", "anthropic/claude-opus-5", "gemini/*"];
  const all = { ...openai, ...anthropic, ...google, ...vertex, models };

  it.each(["gpt-5.4", "openai/gpt-5", "claude-opus-5", "google_genai/anything", "gemini/models/x"])(
    "lets its models judge: %s",
    (asked) => {
      expect(resolve(asked, all).model).toEqual(expect.any(String));
    },
  );

  it.each(["openai/o4-mini", "anthropic/claude-opus-5.1", "vertex_ai/gemini-3.6-flash", "heuristic/v1"])(
    "lets no other judge: %s",
    (asked) => {
      const { code, message } = refusal(asked, all);
      expect(code).toBe("model_not_allowed");
      expect(message).toContain(asked);
      expect(message).toContain("anthropic/claude-opus-5");
    },
  );

  it("decides the default", () => {
    expect(resolve(null, all).model).toBe("openai/gpt-5.4-mini");
    expect(resolve(null, { ...all, models: ["gemini/*"] }).model).toBe("google_genai/gemini-3.6-flash");
    expect(resolve(null, { ...openai, models: ["anthropic/x", "openai/a*", "openai/mine"] }).model).toBe(
      "openai/mine",
    );
    expect(resolve(null, { models: ["openai/x", "heuristic/v1"] }).model).toBe("heuristic/v1");
    expect(refusal(null, { ...openai, models: ["openai/a*"] }).code).toBe("model_not_allowed");
    expect(refusal(null, { models: ["openai/x"] }).code).toBe("model_not_allowed");
  });

  it("does not apply to the embedding model, and has to allow EVAL_LLM_MODEL", () => {
    const settings = { ...openai, models: ["openai/mine"], embeddingModel: "openai/embed" };
    expect(resolve(null, settings, true).embeddingModel).toBe("openai/embed");
    expect(() => createJudges(settingsWith({ ...settings, llmModel: "gpt-5.4" }))).toThrow(
      /EVAL_LLM_MODEL is gpt-5.4/,
    );
  });
});

describe("the embedding model", () => {
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

  it("is not needed by a run that does not embed", () => {
    expect(resolve(null, anthropic)).toEqual({ model: "anthropic/claude-haiku-5-5", embeddingModel: null });
  });

  it("fails the question with the same advice if it is missing after all", async () => {
    const judge = createJudges(settingsWith(anthropic)).judgeFor("anthropic/claude-haiku-5-5");
    await expect(judge.embed(["a"], new AbortController().signal)).rejects.toThrow(/EVAL_EMBEDDING_MODEL/);
  });
});
