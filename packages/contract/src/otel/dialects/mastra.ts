import type { AttributeReader } from "../attribute-reader.ts";
import type { Dialect, Kind } from "../dialect.ts";
import { isRecord } from "../json-values.ts";
import { toMessages } from "../messages.ts";

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
  read(attributes, _span, kind) {
    const type = attributes.peek("mastra.span.type") ?? "";
    const input = attributes.value(`mastra.${type}.input`);
    return {
      asked: kind === "AGENT" ? askedOf(input) : [],
      input,
      output: outputOf(attributes, type),
      sessionId: attributes.id("mastra.metadata.sessionId", "mastra.metadata.threadId"),
      userId: attributes.id("mastra.metadata.userId", "mastra.metadata.resourceId"),
      tags: attributes.texts("mastra.tags"),
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

/** An agent returns its text beside empty fields for what else it can return. */
function outputOf(attributes: AttributeReader, type: string): unknown {
  const output = attributes.value(`mastra.${type}.output`);
  if (!isRecord(output) || typeof output["text"] !== "string") return output;
  const { text, ...rest } = output;
  const others = Object.values(rest).filter((value) => !isEmpty(value));
  return others.length === 0 ? { role: "assistant", content: text } : output;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}
