import { isRecord, parsed } from "./json-values.ts";

/** A message in the form of OpenAI's chat API, which judges read best. */
export interface Message {
  readonly role: string;
  readonly content: unknown;
  readonly [key: string]: unknown;
}

/**
 * Converts messages to the form of OpenAI's chat API: those of the conventions (a role and `parts`), and those that
 * OpenLLMetry and OpenInference flatten. A message in that form, or an unknown one, is kept.
 */
export function toMessages(value: unknown): unknown[] {
  const list = Array.isArray(value) ? value : isRecord(value) ? [value] : [];
  return list.map(parsed).flatMap(toMessage);
}

/** The system instructions, which the conventions keep separate: a text, or parts. */
export function systemMessages(instructions: unknown): unknown[] {
  if (typeof instructions === "string") return [{ role: "system", content: instructions }];
  return Array.isArray(instructions) ? toMessage({ role: "system", parts: instructions }) : [];
}

function toMessage(value: unknown): unknown[] {
  if (!isRecord(value)) return [value];
  // OpenInference: { message: { role, content, contents, tool_calls } }.
  const {
    parts,
    contents,
    tool_calls: calls,
    ...message
  } = isRecord(value["message"]) ? value["message"] : value;
  if (Array.isArray(parts) && typeof parts[0] !== "string") return fromParts(message, parts);
  const toolCalls = items(calls).map(toToolCall);
  const content = message["content"] ?? (contents === undefined ? null : items(contents).map(toContent));
  return [
    {
      ...message,
      content: parts ?? parsedContent(content),
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
    },
  ];
}

/** One message for all parts, except the results of tools, which become messages of their own. */
function fromParts(message: Record<string, unknown>, parts: readonly unknown[]): unknown[] {
  const calls: unknown[] = [];
  const results: unknown[] = [];
  const reasoning: unknown[] = [];
  const content: unknown[] = [];
  for (const part of parts) {
    const { type, id, content: text, ...rest } = isRecord(part) ? part : { type: "text", content: part };
    if (type === "tool_call") calls.push(toToolCall(part));
    else if (type === "tool_call_response") {
      const result = rest["response"] ?? rest["result"] ?? text;
      results.push({ role: "tool", tool_call_id: id, content: result });
    } else if (type === "reasoning") reasoning.push(text);
    else content.push(type === "text" ? { type, text } : part);
  }
  if (content.length + calls.length + reasoning.length === 0) return results;
  return [
    {
      ...message,
      content: textOf(content),
      ...(reasoning.length === 0 ? {} : { reasoning: reasoning.join("\n") }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    ...results,
  ];
}

/** Content that is only text, as a text. */
function textOf(content: readonly unknown[]): unknown {
  if (content.length === 0) return null;
  const texts = content.map((part) => (isRecord(part) && part["type"] === "text" ? part["text"] : undefined));
  return texts.every((text) => typeof text === "string") ? texts.join("\n") : content;
}

function toToolCall(value: unknown): unknown {
  if (!isRecord(value)) return value;
  // OpenInference: { tool_call: { id, function: { name, arguments } } }.
  const call = isRecord(value["tool_call"]) ? value["tool_call"] : value;
  const { id, function: fn } = call;
  if (isRecord(fn)) return { id, type: "function", function: fn };
  // The conventions and OpenLLMetry, and the AI SDK.
  const name = call["name"] ?? call["toolName"];
  const args = call["arguments"] ?? call["input"] ?? call["args"];
  return { id: id ?? call["toolCallId"], type: "function", function: { name, arguments: args } };
}

function toContent(item: unknown): unknown {
  return isRecord(item) && isRecord(item["message_content"]) ? item["message_content"] : item;
}

/** Parses content that is a list of parts in JSON; any other text stays a text. */
function parsedContent(content: unknown): unknown {
  const value = parsed(content);
  return Array.isArray(value) && value.every((part) => isRecord(part) && "type" in part) ? value : content;
}

/** The items of a list, which attributes may have flattened. */
function items(value: unknown): unknown[] {
  const list = parsed(value);
  return Array.isArray(list) ? list : isRecord(list) ? Object.values(list) : [];
}
