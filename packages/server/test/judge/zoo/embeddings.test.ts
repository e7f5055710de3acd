/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { judgeAtZoo, useZooServer } from "../../support/gateway-zoo/judge-at-zoo.ts";
import { textEmbedding } from "../../support/text-embedding.ts";
import { storeTraces } from "../../support/traces.ts";

const signal = new AbortController().signal;
const texts = ["a table for two", "a train to Rome", "the weather of tomorrow"];
const vectors = texts.map((text) => textEmbedding(text).map(Math.fround));

describe("embeddings are matched with their texts", () => {
  test.each(["usual", "embeds-reversed", "embeds-without-index", "embeds-base64"])("%s", async (model) => {
    const { zoo, judge } = await judgeAtZoo(`openai/${model}`);
    expect(await judge.embed(texts, signal)).toEqual(vectors);
    expect(zoo.requests).toHaveLength(1);
  });
});

describe("embeddings are refused", () => {
  test.each([
    ["embeds-gap", /indexes/],
    ["embeds-duplicate", /indexes/],
    ["embeds-some-indexes", /indexes/],
    ["embeds-null", /answer/],
    ["embeds-no-vector", /answer/],
    ["embeds-too-large-numbers", /not all numbers/],
    ["embeds-other-dimension", /different dimensions/],
    ["embeds-zeros", /zeros/],
    ["embeds-too-few", /2 embeddings of 3 texts/],
  ])("%s", async (model, why) => {
    const { judge } = await judgeAtZoo(`openai/${model}`, { maxAttempts: 2 });
    await expect(judge.embed(texts, signal)).rejects.toThrow(why);
  });
});

test("a refused embedding is not stored, and swapped embeddings are not scored", async () => {
  const server = await useZooServer({ EVAL_EMBEDDING_MODEL: "openai/embeds-reversed" });
  await storeTraces(server.api, 1, { input: "a table for two", output: "a table for two at eight" });
  const right = await server.run("openai/usual", { metrics: ["coherence"] });
  const expected = await useZooServer({ EVAL_EMBEDDING_MODEL: "openai/usual" });
  await storeTraces(expected.api, 1, { input: "a table for two", output: "a table for two at eight" });
  const usual = await expected.run("openai/usual", { metrics: ["coherence"] });
  expect(right.scores[0]?.value).toBe(usual.scores[0]?.value);
});

test.each([
  ["text", 10],
  ["missing", 0],
  ["negative", 0],
])("the tokens of embeddings are counted if possible: %s", async (form, tokens) => {
  const server = await useZooServer({ EVAL_EMBEDDING_MODEL: `openai/embeds-counts-${form}` });
  await storeTraces(server.api, 1);
  const { run, scores } = await server.run("openai/usual", { metrics: ["coherence"] });
  expect(scores).toMatchObject([{ status: "SUCCESS" }]);
  expect(run.usage).toMatchObject({ calls: 1, input_tokens: tokens });
});
