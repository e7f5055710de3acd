import { describe, expect, it } from "vitest";
import { readToolCalls } from "../../../src/metrics/reading/tool-calls.ts";
import { makeTrace } from "../support.ts";

/** An assistant message with a tool call, in OpenAI's format. */
function calling(name: string, parameters: object, id = `call_${name}`, content: string | null = null) {
  return {
    role: "assistant",
    content,
    tool_calls: [{ id, type: "function", function: { name, arguments: JSON.stringify(parameters) } }],
  };
}

const user = { role: "user", content: "Do it" };

describe("readToolCalls from TOOL spans", () => {
  it("reads name, parameters and reasoning, in the order of the spans", () => {
    const trace = makeTrace({
      spans: [
        { kind: "TOOL", name: "first", input: { a: 1 }, metadata: { reasoning: "Because." } },
        { kind: "LLM", name: "chat" },
        { kind: "TOOL", name: "second", input: '{"b":[2]}' },
        { kind: "TOOL", name: "third", input: "plain" },
        { kind: "TOOL", name: "fourth", input: null },
        { kind: "TOOL", name: "fifth", input: [1, 2] },
      ],
    });
    expect(readToolCalls(trace)).toEqual([
      { name: "first", parameters: { a: 1 }, reasoning: "Because." },
      { name: "second", parameters: { b: [2] }, reasoning: "" },
      { name: "third", parameters: { input: "plain" }, reasoning: "" },
      { name: "fourth", parameters: {}, reasoning: "" },
      { name: "fifth", parameters: { input: [1, 2] }, reasoning: "" },
    ]);
  });

  it("adds the calls of the last model call that the client executes", () => {
    const output = {
      role: "assistant",
      content: "One moment.",
      tool_calls: [calling("first", { a: 1 }), calling("confirm", { b: 2 })].flatMap(
        (message) => message.tool_calls,
      ),
    };
    const trace = (tools: string[]) =>
      makeTrace({
        spans: [
          { kind: "TOOL", name: "confirm", input: { b: 1 } },
          { kind: "LLM", name: "chat", output },
          ...tools.map((name) => ({ kind: "TOOL" as const, name, input: { a: 1 } })),
        ],
      });
    expect(readToolCalls(trace(["first"]))).toEqual([
      { name: "confirm", parameters: { b: 1 }, reasoning: "" },
      { name: "first", parameters: { a: 1 }, reasoning: "One moment." },
      { name: "confirm", parameters: { b: 2 }, reasoning: "One moment." },
    ]);
    expect(readToolCalls(trace(["tools/first", "tools/confirm"]))).toHaveLength(3);
  });

  it("unwraps an input that records the whole call, and no other input", () => {
    const trace = makeTrace({
      spans: [
        { kind: "TOOL", name: "execute_tool", input: { name: "search", arguments: '{"q":"x"}' } },
        { kind: "TOOL", name: "add_person", input: { name: "Ada", age: 36 } },
      ],
    });
    expect(readToolCalls(trace)).toMatchObject([
      { name: "search", parameters: { q: "x" } },
      { name: "add_person", parameters: { name: "Ada", age: 36 } },
    ]);
  });

  it("finds the reasoning in the message that requested the call", () => {
    const output = calling("search", { q: "x" }, "c1", "I need to look that up.");
    const trace = makeTrace({
      spans: [
        { kind: "LLM", output },
        { kind: "TOOL", name: "search", input: { q: "x" } },
      ],
    });
    expect(readToolCalls(trace)).toEqual([
      { name: "search", parameters: { q: "x" }, reasoning: "I need to look that up." },
    ]);
  });
});

describe("readToolCalls from messages", () => {
  it.each<[string, unknown]>([
    ["OpenAI Chat", calling("search", { q: "x" })],
    ["OpenAI Chat answers", { choices: [{ message: calling("search", { q: "x" }) }] }],
    [
      "OpenAI Responses",
      { output: [{ type: "function_call", call_id: "c", name: "search", arguments: '{"q":"x"}' }] },
    ],
    [
      "the old function_call",
      { role: "assistant", content: null, function_call: { name: "search", arguments: '{"q":"x"}' } },
    ],
    [
      "Anthropic",
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "search", input: { q: "x" } }] },
    ],
    [
      "Gemini",
      {
        candidates: [
          { content: { role: "model", parts: [{ functionCall: { name: "search", args: { q: "x" } } }] } },
        ],
      },
    ],
    ["LangChain", { type: "ai", content: "", tool_calls: [{ id: "l", name: "search", args: { q: "x" } }] }],
    [
      "AI SDK",
      [
        {
          role: "assistant",
          content: [{ type: "tool-call", toolCallId: "v", toolName: "search", input: { q: "x" } }],
        },
      ],
    ],
  ])("%s", (_format, output) => {
    const calls = readToolCalls(makeTrace({ spans: [{ kind: "LLM", output }] }));
    expect(calls).toMatchObject([{ name: "search", parameters: { q: "x" } }]);
  });

  it("counts a call once, however often a later input repeats it", () => {
    const [a, b] = [calling("a", { n: 1 }), calling("b", { n: 2 })];
    const trace = makeTrace({
      spans: [
        { kind: "LLM", input: { messages: [user] }, output: a },
        { kind: "LLM", input: { messages: [user, a] }, output: b },
        { kind: "LLM", input: { messages: [user, a, b] }, output: { role: "assistant", content: "Done." } },
      ],
    });
    expect(readToolCalls(trace)?.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("counts a call that was made twice as two, with or without a history", () => {
    const again = calling("a", { n: 1 }, "c2");
    const first = calling("a", { n: 1 }, "c1");
    const remembered = makeTrace({
      spans: [
        { kind: "LLM", input: { messages: [user] }, output: first },
        { kind: "LLM", input: { messages: [user, first] }, output: again },
      ],
    });
    const forgetful = makeTrace({
      spans: [
        { kind: "LLM", input: "Do it", output: first },
        { kind: "LLM", input: "Go on", output: again },
      ],
    });
    expect(readToolCalls(remembered)).toHaveLength(2);
    expect(readToolCalls(forgetful)).toHaveLength(2);
  });

  it("leaves out calls of earlier turns", () => {
    const earlier = [
      user,
      calling("old", {}),
      { role: "tool", content: "done" },
      { role: "assistant", content: "OK" },
    ];
    const history = [...earlier, { role: "user", content: "And now?" }];
    const now = calling("new", {});
    const trace = makeTrace({
      input: { messages: [{ role: "user", content: "And now?" }] },
      spans: [
        { kind: "LLM", input: { messages: history }, output: now },
        { kind: "LLM", input: { messages: [...history, now] }, output: calling("old", {}, "again") },
      ],
    });
    expect(readToolCalls(trace)?.map(({ name }) => name)).toEqual(["new", "old"]);
  });

  it("reads an output that is the state of the whole conversation", () => {
    const state = [
      user,
      calling("a", {}),
      { role: "tool", content: "1" },
      { role: "assistant", content: "Done" },
    ];
    const trace = makeTrace({ input: { messages: [user] }, output: { messages: state } });
    expect(readToolCalls(trace)?.map(({ name }) => name)).toEqual(["a"]);
  });
});

describe("readToolCalls from a trace without calls", () => {
  it("is empty if all models answered in messages", () => {
    const spans = [{ kind: "LLM" as const, output: { role: "assistant", content: "Paris" } }];
    expect(readToolCalls(makeTrace({ spans }))).toEqual([]);
  });

  it("is undefined if an answer is plain text, which may describe calls", () => {
    expect(
      readToolCalls(makeTrace({ spans: [{ kind: "LLM", output: "Action: search[x]" }] })),
    ).toBeUndefined();
    expect(readToolCalls(makeTrace())).toBeUndefined();
  });
});
