import { expect, test } from "vitest";
import { answerIn, mainText, messagesIn, summaryOf } from "../src/ui/content/messages.ts";

test.each([
  ["OpenAI", { messages: [{ role: "user", content: "Hi" }] }],
  [
    "a list",
    [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ],
  ],
  ["Anthropic's parts", [{ role: "user", content: [{ type: "text", text: "Hi" }] }]],
  ["LangChain", [{ type: "human", content: "Hi" }]],
  ["a field beside others", { ticket: 1, message: "Hi" }],
  ["text", "Hi"],
])("reads what the user said: %s", (_, value) => {
  expect(mainText(value)).toBe("Hi");
});

test("reads tool calls with parsed arguments, in both forms", () => {
  const openai = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "1", function: { name: "find", arguments: '{"a":1}' } }],
  };
  const anthropic = {
    role: "assistant",
    content: [{ type: "tool_use", id: "1", name: "find", input: { a: 1 } }],
  };
  for (const message of [openai, anthropic])
    expect(messagesIn([message])?.[0]?.toolCalls).toEqual([{ id: "1", name: "find", arguments: { a: 1 } }]);
});

test("does not treat other values as a conversation", () => {
  for (const value of [null, 1, [], [1], { rows: [{ content: "x" }] }, [{ role: "user" }]])
    expect(messagesIn(value)).toBeNull();
});

test("finds an answer beside its other fields, and only there", () => {
  expect(answerIn({ answer: "Yes", sources: [1] })).toEqual({ text: "Yes", others: { sources: [1] } });
  for (const value of [null, "Yes", ["Yes"], { answer: 1 }, { query: "Yes", limit: 2 }])
    expect(answerIn(value)).toBeNull();
});

test("sums up a file by its type", () => {
  expect(
    summaryOf({ messages: [{ role: "user", content: `data:image/png;base64,${"A".repeat(4000)}` }] }),
  ).toBe("image/png · 3 kB");
  expect(summaryOf("long ".repeat(1000))).toHaveLength(400);
});
