import { describe, expect, it } from "vitest";
import { readUserInput } from "../../../src/metrics/reading/user-input.ts";
import { makeTrace } from "../support.ts";

describe("readUserInput", () => {
  it.each<[string, unknown, string]>([
    ["a string", "  Book a table.  ", "Book a table."],
    [
      "chat messages",
      [
        { role: "system", content: "S" },
        { role: "user", content: "Hi" },
      ],
      "Hi",
    ],
    [
      "the last message of the user",
      {
        messages: [
          { role: "user", content: "First" },
          { role: "assistant", content: "A" },
          { role: "user", content: "Second" },
        ],
      },
      "Second",
    ],
    [
      "content in parts",
      { messages: [{ role: "user", content: [{ type: "text", text: "See" }, { type: "image" }] }] },
      "See",
    ],
    [
      "a last message that is only an image",
      {
        messages: [
          { role: "user", content: "First" },
          { role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] },
        ],
      },
      "[image]",
    ],
    ["Gemini contents", { contents: [{ role: "user", parts: [{ text: "Bonjour" }] }] }, "Bonjour"],
    ["LangChain messages", { messages: [{ type: "human", content: "Hello" }] }, "Hello"],
    [
      "Responses input",
      { input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hey" }] }] },
      "Hey",
    ],
    [
      "not a tool's result in the user's name",
      [
        { role: "user", content: "Ask" },
        { role: "user", content: [{ type: "tool_result", content: "42" }] },
      ],
      "Ask",
    ],
    ["a common key", { ticket_id: "4471", message: "Where is it?" }, "Where is it?"],
    ["a nested key", { input: { query: "Why?" } }, "Why?"],
    ["JSON as text", '{"messages":[{"role":"user","content":"Inside"}]}', "Inside"],
    ["anything else as JSON", { a: 1, b: [2] }, '{"a":1,"b":[2]}'],
    ["a number", 42, "42"],
    ["text that only looks like JSON", "[not json", "[not json"],
    ["keys of Object's prototype are no keys", { constructor: 1 }, '{"constructor":1}'],
  ])("%s", (_what, input, expected) => {
    expect(readUserInput(makeTrace({ input }))).toBe(expected);
  });

  it("falls back to the input of the root span", () => {
    const spans = [{ parent_span_id: "x", input: "not the root" }, { input: { question: "From the root" } }];
    expect(readUserInput(makeTrace({ input: null, spans }))).toBe("From the root");
  });

  it.each([[null], [""], ["  "], [{}], [[]]])("finds no request in %j", (input) => {
    expect(readUserInput(makeTrace({ input }))).toBeUndefined();
  });
});
