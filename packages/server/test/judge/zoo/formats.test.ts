/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { judgeAtZoo } from "../../support/gateway-zoo/judge-at-zoo.ts";
import type { Zoo } from "../../support/gateway-zoo/zoo.ts";
import type { ChatBody } from "../../support/llm-question.ts";
import { askTask, subjectWith } from "../support.ts";

function questions(zoo: Zoo, model: string): ChatBody[] {
  return zoo.callsOf(model).flatMap(({ path, body }) => (path === "/embeddings" ? [] : [body]));
}

function limits(zoo: Zoo, model: string): (number | undefined)[] {
  return questions(zoo, model).map(({ max_tokens }) => max_tokens);
}

/** The answer format that a question requests. */
function formOf({ response_format, tools }: ChatBody): string {
  return response_format?.type ?? (tools === undefined ? "text" : "tool call");
}

const answered = { task: expect.any(String) };

describe("an output limit that is too large is lowered to what the provider names", () => {
  test.each<[string, number[]]>([
    ["openai/openai-output-max", [4_096, 2_048]],
    ["openai/groq-output-max", [4_096, 2_048]],
    ["openai/deepseek-output-max", [4_096, 2_048]],
    ["openai/unnamed-output-max", [4_096, 2_048]],
    ["anthropic/anthropic-output-max", [8_192, 4_096]],
    ["openai/vllm-context", [4_096, 3_196]],
    ["openai/vllm-context-new", [4_096, 3_196]],
    ["openai/vllm-context-at-least", [4_096, 2_048]],
    ["anthropic/anthropic-context", [8_192, 3_196]],
  ])("%s", async (name, expected) => {
    const { zoo, judge } = await judgeAtZoo(name);
    expect(await askTask(judge)).toEqual(answered);
    const model = name.slice(name.indexOf("/") + 1);
    expect(limits(zoo, model)).toEqual(expected);
  });

  test("and stays unchanged for other traces", async () => {
    const { zoo, judge } = await judgeAtZoo("openai/vllm-context");
    await askTask(judge);
    await askTask(judge, { subject: subjectWith({ input: "Another one." }) });
    expect(limits(zoo, "vllm-context")).toEqual([4_096, 3_196, 4_096, 3_196]);
  });
});

describe("a cut answer, if the higher output limit is refused", () => {
  test("is asked for again with as much as is allowed", async () => {
    const { zoo, judge } = await judgeAtZoo("openai/cut-and-some-more");
    expect(await askTask(judge)).toEqual(answered);
    expect(limits(zoo, "cut-and-some-more")).toEqual([4_096, 16_384, 6_000]);
  });

  test("is asked for again with the first limit if no more is allowed", async () => {
    const { zoo, judge } = await judgeAtZoo("openai/cut-and-no-more");
    expect(await askTask(judge)).toEqual(answered);
    expect(limits(zoo, "cut-and-no-more")).toEqual([4_096, 16_384, 4_096]);
  });
});

describe("after a refused answer format, the next simpler one is used", () => {
  test.each<[string, string[]]>([
    ["openai/fastapi-response-format", ["json_schema", "tool call"]],
    ["openai/llama-cpp-grammar", ["json_schema", "tool call"]],
    ["openai/openrouter-no-endpoint", ["json_schema", "tool call"]],
    ["openai/xai-unsupported", ["json_schema", "tool call"]],
    ["openai/ollama-no-tools", ["json_schema", "tool call", "json_object"]],
    ["openai/405-form", ["json_schema", "tool call", "json_object", "text"]],
    ["openai/no-form-at-all", ["json_schema", "tool call", "json_object", "text"]],
    ["openai/fastapi-temperature", ["json_schema", "json_schema"]],
    ["openai/fastapi-both", ["json_schema", "json_schema", "tool call"]],
  ])("%s", async (name, expected) => {
    const { zoo, judge } = await judgeAtZoo(name);
    const model = name.slice(name.indexOf("/") + 1);
    expect(await askTask(judge)).toEqual(answered);
    expect(questions(zoo, model).map(formOf)).toEqual(expected);
    // From then on, it is used at once.
    expect(await askTask(judge, { subject: subjectWith({ input: "Another one." }) })).toEqual(answered);
    expect(questions(zoo, model).map(formOf)).toEqual([...expected, expected.at(-1)]);
  });

  // The AI SDK starts with a tool call for unknown models of Anthropic.
  test.each(["anthropic-extra-output-config", "anthropic-output-config-format"])(
    "anthropic/claude-haiku-5-5 behind a gateway: %s",
    async (behaviour) => {
      const { zoo, judge } = await judgeAtZoo(`anthropic/claude-haiku-5-5@${behaviour}`);
      expect(await askTask(judge)).toEqual(answered);
      const forms = questions(zoo, `claude-haiku-5-5@${behaviour}`).map(formOf);
      expect(forms).toEqual(["json_schema", "tool call"]);
    },
  );

  test("a model of Anthropic's API that supports no answer format is asked in the prompt", async () => {
    const { zoo, judge } = await judgeAtZoo("anthropic/claude-haiku-5-5@no-form-at-all");
    expect(await askTask(judge)).toEqual(answered);
    expect(questions(zoo, "claude-haiku-5-5@no-form-at-all").map(formOf)).toEqual([
      "json_schema",
      "tool call",
      "text",
    ]);
  });
});

test("a 405 for every answer format fails at once, as if the model did not exist", async () => {
  const { zoo, judge } = await judgeAtZoo("openai/405-always");
  await expect(askTask(judge)).rejects.toThrow(/answered 405 Method Not Allowed.*model of this name/);
  expect(questions(zoo, "405-always").map(formOf)).toEqual([
    "json_schema",
    "tool call",
    "json_object",
    "text",
  ]);
});

test.each(["never-satisfied", "never-short-enough"])("an endpoint that is %s is given up", async (model) => {
  const { zoo, judge } = await judgeAtZoo(`openai/${model}`);
  const subject = subjectWith({ input: "Which words? ".repeat(3_000) }, judge.maxTraceChars);
  await expect(askTask(judge, { subject })).rejects.toThrow(
    /answered 400 Bad Request: “.*(?:supports|maximum)/,
  );
  expect(zoo.callsOf(model).length).toBeLessThanOrEqual(17);
  // Nothing is learned from it.
  await expect(askTask(judge, { subject: subjectWith() })).rejects.toThrow("400");
  expect(limits(zoo, model).at(-1)).toBeGreaterThan(4_000);
});

test("one malformed answer is asked for again in the same format", async () => {
  const { zoo, judge } = await judgeAtZoo("openai/groq-bad-json");
  expect(await askTask(judge)).toEqual(answered);
  expect(questions(zoo, "groq-bad-json").map(formOf)).toEqual(["json_schema", "json_schema", "json_schema"]);
});
