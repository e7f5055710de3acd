import { describe, expect, it } from "vitest";
import { readAvailableTools } from "../../../src/metrics/reading/available-tools.ts";
import type { Span } from "../../../src/metrics/trace.ts";
import { makeTrace } from "../support.ts";

const schema = { type: "object", properties: { q: { type: "string" } } };
const search = { name: "search", description: "Search the web.", schema };

describe("readAvailableTools", () => {
  it.each<[string, unknown]>([
    [
      "OpenAI Chat",
      [
        {
          type: "function",
          function: { name: "search", description: "Search the web.", parameters: schema },
        },
      ],
    ],
    [
      "OpenAI Responses",
      [{ type: "function", name: "search", description: "Search the web.", parameters: schema }],
    ],
    ["Anthropic", [{ name: "search", description: "Search the web.", input_schema: schema }]],
    [
      "Gemini",
      [{ functionDeclarations: [{ name: "search", description: "Search the web.", parameters: schema }] }],
    ],
    ["MCP", [{ name: "search", description: "Search the web.", inputSchema: schema }]],
    ["a map by name", { search: { description: "Search the web.", inputSchema: schema } }],
    ["JSON text", JSON.stringify([{ name: "search", description: "Search the web.", input_schema: schema }])],
  ])("%s", (_format, tools) => {
    expect(
      readAvailableTools(makeTrace({ spans: [{ model_parameters: { tools } as Record<string, unknown> }] })),
    ).toEqual([search]);
  });

  it.each<[string, Partial<Span>]>([
    ["model parameters", { model_parameters: { tools: ["search"] } }],
    ["metadata", { metadata: { available_tools: ["search"] } }],
    ["the input", { input: { messages: [], tools: ["search"] } }],
    ["functions", { model_parameters: { functions: ["search"] } }],
  ])("from a span's %s", (_place, span) => {
    expect(readAvailableTools(makeTrace({ spans: [span] }))).toEqual([
      { name: "search", description: "", schema: null },
    ]);
  });

  it("reads the trace itself", () => {
    const trace = makeTrace({ metadata: { tools: ["a"] }, input: { tools: ["b"] } });
    expect(readAvailableTools(trace).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("keeps each name once, in its fullest declaration", () => {
    const spans = [
      { metadata: { tools: ["search"] } },
      { model_parameters: { tools: [{ ...search, parameters: schema }] } },
    ];
    expect(readAvailableTools(makeTrace({ spans }))).toEqual([search]);
  });

  it.each([[null], ["a hammer"], [5], [[null, 5, {}, { name: "" }, { name: 3 }]], [{ a: 1 }]])(
    "makes nothing of %j",
    (tools) => {
      expect(readAvailableTools(makeTrace({ metadata: { tools } }))).toEqual([]);
    },
  );
});
