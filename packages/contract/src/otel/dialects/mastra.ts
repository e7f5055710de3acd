import type { AttributeReader } from "../attribute-reader.ts";
import type { Dialect, Kind } from "../dialect.ts";
import { isRecord } from "../json-values.ts";
import { toMessages, toToolCall } from "../messages.ts";
import type { OtelTime } from "../otel-span.ts";

const kinds: Readonly<Record<string, Kind>> = {
  agent_run: "AGENT",
  model_generation: "LLM",
  model_step: "CHAIN",
  tool_call: "TOOL",
  mcp_tool_call: "TOOL",
  provider_tool_call: "TOOL",
  workflow_run: "CHAIN",
  workflow_step: "CHAIN",
  rag_embedding: "EMBEDDING",
};

/** Mastra's bridge and exporter. Model and tool calls follow the GenAI conventions; other steps have input and output. */
export const mastra: Dialect = {
  families: ["mastra"],
  kind: (attributes) => kinds[attributes.peek("mastra.span.type") ?? ""],
  read(attributes, { startTime }, kind) {
    const type = attributes.peek("mastra.span.type") ?? "";
    const input = attributes.value(`mastra.${type}.input`);
    return {
      asked: kind === "AGENT" || type === "model_step" ? askedOf(input) : [],
      input,
      output: outputOf(attributes, type),
      sessionId: attributes.id("mastra.metadata.sessionId", "mastra.metadata.threadId"),
      userId: attributes.id("mastra.metadata.userId", "mastra.metadata.resourceId"),
      tags: attributes.texts("mastra.tags"),
      firstTokenMs: msFrom(startTime, attributes.text("mastra.completion_start_time")),
    };
  },
};

/** An agent is asked by a text, or by messages. */
function askedOf(input: unknown): unknown[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const messages = isRecord(input) ? (input["messages"] ?? input) : input;
  const list = toMessages(messages);
  return list.every((message) => isRecord(message) && "role" in message) ? list : [];
}

/** Agents and steps return their text and tool calls beside empty fields for other kinds of results. */
function outputOf(attributes: AttributeReader, type: string): unknown {
  const output = attributes.value(`mastra.${type}.output`);
  if (!isRecord(output) || typeof output["text"] !== "string") return output;
  const { text, toolCalls, ...rest } = output;
  if (!Object.values(rest).every(isEmpty)) return output;
  const calls = Array.isArray(toolCalls) ? toolCalls.map(toToolCall) : [];
  if (calls.length > 0) return { role: "assistant", content: text === "" ? null : text, tool_calls: calls };
  // A step whose model failed has no output.
  return text === "" && type !== "agent_run" ? undefined : { role: "assistant", content: text };
}

function msFrom([seconds, nanoseconds]: OtelTime, time: string | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : Date.parse(time) - seconds * 1000 - nanoseconds / 1_000_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}
