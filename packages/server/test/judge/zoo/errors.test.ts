/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { judgeAtZoo, useZooServer } from "../../support/gateway-zoo/judge-at-zoo.ts";
import { storeTraces } from "../../support/traces.ts";
import { askTask, subjectWith } from "../support.ts";

const signal = new AbortController().signal;
const answered = { task: expect.any(String) };
const long = "Which words? ".repeat(3_000);

describe("a prompt that is too long is shortened, whatever the wording of the error", () => {
  test.each(["429-too-large-now", "llama-cpp-batch", "200-context-length"])("%s", async (model) => {
    const { zoo, judge } = await judgeAtZoo(`openai/${model}`);
    const subject = subjectWith({ input: long }, judge.maxTraceChars);
    expect(await askTask(judge, { subject })).toEqual(answered);
    // With the sizes in the error, one retry is enough.
    expect(zoo.callsOf(model)).toHaveLength(2);
    expect(judge.hasShortened?.(subject.trace)).toBe(true);
    await askTask(judge);
    expect(zoo.callsOf(model)).toHaveLength(3);
  });

  test("llama-cpp-batch: embeddings", async () => {
    const { zoo, judge } = await judgeAtZoo("openai/llama-cpp-batch");
    const [vector] = await judge.embed(["word ".repeat(4_500)], signal);
    expect(vector?.length).toBeGreaterThan(0);
    expect(zoo.callsOf("llama-cpp-batch")).toHaveLength(2);
  });

  test("if it cannot be shortened, only that score fails", async () => {
    const { zoo, judge } = await judgeAtZoo("openai/429-too-large");
    const asked = askTask(judge, { subject: subjectWith({ name: "HUGE" }) });
    await expect(asked).rejects.toThrow(/answered 429 .*“Request too large.*Lower EVAL_MAX_TRACE_CHARS/);
    expect(zoo.callsOf("429-too-large")).toHaveLength(1);
    expect(await askTask(judge)).toEqual(answered);
  });
});

test("a trace that exceeds the rate limit by itself fails one score and does not delay others", async () => {
  const server = await useZooServer();
  await storeTraces(server.api, 6);
  await storeTraces(server.api, 1, { name: "HUGE" });
  const begun = performance.now();
  const { run } = await server.run("openai/429-too-large");
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 7, failed_count: 1 });
  expect(performance.now() - begun).toBeLessThan(10_000);
});

describe("an error under status 200 is what its body says", () => {
  test.each<[string, RegExp, number]>([
    ["200-401", /answered 401 Unauthorized: “No auth credentials found”.*Check OPENAI_API_KEY/, 1],
    ["200-no-quota", /answered 429 .*“You exceeded your current quota.*credit/, 1],
    ["200-choice-error", /answered with an error: “Provider is overloaded”/, 4],
    ["200-odd-error", /answered with an error: “The model has the flu\.”/, 4],
    ["stream-of-an-error", /answered 401 Unauthorized: “Invalid API key”/, 1],
    ["openrouter-processing-error", /answered 402 Payment Required: “No credits left”/, 1],
    ["stream-of-nothing", /answered with something that is not an answer of this API/, 4],
  ])("%s", async (model, message, calls) => {
    const { zoo, judge } = await judgeAtZoo(`openai/${model}`);
    await expect(askTask(judge)).rejects.toThrow(message);
    expect(zoo.callsOf(model)).toHaveLength(calls);
  });

  test("200-rate-limit-twice is retried", async () => {
    const { judge } = await judgeAtZoo("openai/200-rate-limit-twice");
    expect(await askTask(judge)).toEqual(answered);
  });

  test("a wrong key under status 200 fails a run of many traces in a few calls", async () => {
    const server = await useZooServer();
    await storeTraces(server.api, 10);
    const { run, calls } = await server.run("openai/200-401");
    expect(run).toMatchObject({ status: "FAILED" });
    expect(run.error_message).toContain("No auth credentials found");
    expect(calls).toBeLessThanOrEqual(4);
  });
});

describe("an answer in an event stream is read in one call", () => {
  test.each([
    "openai/openrouter-processing",
    "openai/stream-of-one",
    "openai/stream-of-chunks",
    "anthropic/stream-of-anthropic",
  ])("%s", async (name) => {
    const { zoo, judge } = await judgeAtZoo(name);
    expect(await askTask(judge)).toEqual(answered);
    expect(zoo.requests).toHaveLength(1);
  });
});

test("an empty account fails a run once, with advice", async () => {
  const server = await useZooServer();
  await storeTraces(server.api, 10);
  const { run, calls } = await server.run("anthropic/anthropic-no-credit");
  expect(run).toMatchObject({ status: "FAILED" });
  expect(run.error_message).toMatch(/“Your credit balance is too low.*Check the credit and billing/);
  expect(calls).toBeLessThanOrEqual(4);
});

test("the error of the provider behind a gateway is shown instead of the gateway's own", async () => {
  const { judge } = await judgeAtZoo("openai/openrouter-wrapped");
  await expect(askTask(judge)).rejects.toThrow("“The image of the prompt is blurred.”");
});

test("a dummy key is not redacted from messages", async () => {
  const { zoo } = await judgeAtZoo("openai/usual");
  const { judge } = await judgeAtZoo("openai/says-array", {
    openai: { apiKey: "x", baseUrl: zoo.baseUrl },
  });
  await expect(askTask(judge)).rejects.toThrow("“expected array, got next token”");
});
