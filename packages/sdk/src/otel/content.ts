import type { AttributeReader } from "./attribute-reader.ts";
import { eventMessages } from "./event-messages.ts";
import { isRecord } from "./json-values.ts";
import { systemMessages, toMessages } from "./messages.ts";
import type { OtelEvent } from "./otel-span.ts";

/** The input and output of a step; `undefined` if no attribute has them. */
export interface Content {
  readonly input: unknown;
  readonly output: unknown;
}

/** Reads all known places, so that none is left for the metadata, and keeps the most detailed value. */
export function content(attributes: AttributeReader, events: readonly OtelEvent[]): Content {
  const fromEvents = eventMessages(events);
  const system = systemMessages(attributes.value("gen_ai.system_instructions"));
  const asked = firstOf([
    toMessages(attributes.value("gen_ai.input.messages")),
    toMessages(attributes.list("gen_ai.prompt")),
    toMessages(attributes.list("llm.input_messages")),
    toMessages(attributes.value("ai.prompt.messages")),
    fromEvents.input,
  ]);
  const answered = firstOf([
    toMessages(attributes.value("gen_ai.output.messages")),
    toMessages(attributes.list("gen_ai.completion")),
    toMessages(attributes.list("llm.output_messages")),
    fromEvents.output,
    toMessages(aiSdkAnswer(attributes)),
  ]);
  for (const side of ["input", "output"]) attributes.text(`${side}.mime_type`);
  const inputs = [
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "ai.toolCall.input",
    "gen_ai.retrieval.query.text",
    "gen_ai.memory.query.text",
    "input.value",
    "traceloop.entity.input",
    "gen_ai.prompt",
    "ai.prompt",
    "ai.value",
    "ai.values",
  ].map((name) => attributes.value(name));
  const outputs = [
    "gen_ai.tool.call.result",
    "ai.toolCall.result",
    "ai.toolCall.output",
    "gen_ai.retrieval.documents",
    "gen_ai.memory.records",
    "output.value",
    "traceloop.entity.output",
    "gen_ai.completion",
    "ai.response.object",
    "ai.result.object",
  ].map((name) => attributes.value(name));
  const documents = attributes.list("retrieval.documents").map(inDocument);
  const messages = [...system, ...asked];
  return {
    input: messages.length > 0 ? { messages } : firstDefined(inputs),
    output:
      answered.length > 1
        ? { messages: answered }
        : firstDefined([answered[0], documents.length > 0 ? documents : undefined, ...outputs]),
  };
}

function aiSdkAnswer(attributes: AttributeReader): unknown {
  const text = attributes.text("ai.response.text", "ai.result.text");
  const calls = attributes.value("ai.response.toolCalls", "ai.result.toolCalls");
  if (text === undefined && calls === undefined) return undefined;
  const reasoning = attributes.text("ai.response.reasoning");
  return {
    role: "assistant",
    content: text ?? null,
    ...(reasoning === undefined ? {} : { reasoning }),
    tool_calls: calls,
  };
}

function inDocument(item: unknown): unknown {
  return isRecord(item) ? (item["document"] ?? item) : item;
}

function firstOf(lists: readonly (readonly unknown[])[]): readonly unknown[] {
  return lists.find((list) => list.length > 0) ?? [];
}

function firstDefined(values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined);
}
