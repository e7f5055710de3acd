import { fromGemini } from "./gemini.ts";
import { isRecord, parsed } from "./json-values.ts";

/**
 * Converts messages to the form of OpenAI's chat API, which judges read best: those of the conventions (a role and
 * `parts`), those that OpenLLMetry and OpenInference flatten, Bedrock's and Gemini's. A message that already has that
 * form, or an unknown one, stays the same.
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

/** The messages from the user's last one on: what a turn added to a conversation. */
export function lastTurn(messages: readonly unknown[]): readonly unknown[] {
  const start = messages.findLastIndex((message) => isRecord(message) && message["role"] === "user");
  return messages.slice(Math.max(0, start));
}

/** One message by itself, several as a conversation. */
export function asAnswer(messages: readonly unknown[]): unknown {
  return messages.length > 1 ? { messages } : messages[0];
}

/** Whether a message is empty. Mastra and LangSmith write such messages for a model that failed. */
export function isEmptyAnswer(message: unknown): boolean {
  return isRecord(message) && message["content"] === "" && !("tool_calls" in message);
}

/** A streamed answer that is recorded in pieces and then whole, as the whole one; other answers as they are. */
export function withoutPieces(answers: unknown[]): unknown[] {
  const texts = answers.map((piece) => (isRecord(piece) ? piece["content"] : undefined));
  const whole = texts.pop();
  return texts.length > 1 && texts.join("") === whole ? answers.slice(-1) : answers;
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
  const content = parsedContent(
    message["content"] ?? (contents === undefined ? null : items(contents).map(toContent)),
  );
  if (isRecord(content) && Array.isArray(content["parts"]))
    return fromGemini({ role: message["role"], ...content });
  if (isOfBedrock(content)) return fromParts(message, content.map(fromBedrock));
  if (isOfAiSdk(content)) return fromParts(message, content.map(fromAiSdk));
  return [
    {
      ...message,
      content: parts ?? content,
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
    },
  ];
}

/** One message for all parts, except tool results, which become separate messages. */
function fromParts(message: Record<string, unknown>, parts: readonly unknown[]): unknown[] {
  const { content: _, ...rest } = message;
  const calls: unknown[] = [];
  const results: unknown[] = [];
  const reasoning: unknown[] = [];
  const content: unknown[] = [];
  for (const part of parts) {
    const fields: Record<string, unknown> = isRecord(part) ? part : { type: "text", content: part };
    const { type, id, content: text } = fields;
    if (type === "tool_call") calls.push(toToolCall(part));
    else if (type === "tool_call_response") {
      const result = parsed(fields["response"] ?? fields["result"] ?? text);
      results.push({
        role: "tool",
        tool_call_id: id,
        content: isOfBedrock(result) ? resultOf(result) : result,
      });
    } else if (type === "reasoning") reasoning.push(text);
    else content.push(type === "text" ? { type, text } : part);
  }
  if (content.length + calls.length + reasoning.length === 0) return results;
  const thought = reasoning.length === 0 ? {} : { reasoning: reasoning.join("\n") };
  // The AI SDK writes an agent's answer before its tool calls, as one message.
  if (rest["finish_reason"] === "stop" && calls.length > 0 && content.length > 0) {
    const asking = { role: rest["role"], content: null, ...thought, tool_calls: calls };
    return [asking, ...results, { ...rest, content: textOf(content) }];
  }
  return [
    {
      ...rest,
      content: textOf(content),
      ...thought,
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

export function toToolCall(value: unknown): unknown {
  if (!isRecord(value)) return value;
  // OpenInference: { tool_call: { id, function: { name, arguments } } }.
  const call = isRecord(value["tool_call"]) ? value["tool_call"] : value;
  const { id, function: fn } = call;
  if (isRecord(fn)) return { id, type: "function", function: fn };
  // The conventions and OpenLLMetry, and the AI SDK.
  const name = call["name"] ?? call["toolName"];
  const args = call["arguments"] ?? call["input"] ?? call["args"];
  return { id: id ?? call["toolCallId"], type: "function", function: { name, arguments: parsed(args) } };
}

/** OpenInference: { message_content: { type, text, image: { image: { url } } } }. */
function toContent(item: unknown): unknown {
  const part = isRecord(item) && isRecord(item["message_content"]) ? item["message_content"] : item;
  return isRecord(part) && part["type"] === undefined && typeof part["text"] === "string"
    ? { type: "text", ...part }
    : part;
}

/** Parses content that is a list of parts in JSON; any other text stays a text. */
function parsedContent(content: unknown): unknown {
  if (typeof content !== "string") return content;
  const value = parsed(content);
  const isList = Array.isArray(value) && value.length > 0;
  return isList && (isOfBedrock(value) || value.every((part) => isRecord(part) && "type" in part))
    ? value
    : content;
}

/** Bedrock's parts, which Strands records, have no type: { text }, { toolUse }, { toolResult }. */
function isOfBedrock(content: unknown): content is Record<string, unknown>[] {
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every(
      (part) =>
        isRecord(part) && part["type"] === undefined && bedrockParts.some((name) => part[name] !== undefined),
    )
  );
}

/** The AI SDK's parts. Those with tool calls and results differ from OpenAI's. */
function isOfAiSdk(content: unknown): content is readonly unknown[] {
  return (
    Array.isArray(content) && content.some((part) => isRecord(part) && /^tool-/.test(String(part["type"])))
  );
}

function fromAiSdk(part: unknown): unknown {
  if (!isRecord(part)) return part;
  const { type, toolCallId: id, toolName: name, text, input, args, output, result } = part;
  if (type === "tool-call") return { type: "tool_call", id, name, arguments: input ?? args };
  if (type !== "tool-result") return typeof text === "string" ? { type, content: text } : part;
  return {
    type: "tool_call_response",
    id,
    response: isRecord(output) ? output["value"] : (output ?? result),
  };
}

const bedrockParts = ["text", "toolUse", "toolResult", "reasoningContent", "image", "document"];

function fromBedrock({
  text,
  toolUse,
  toolResult,
  reasoningContent,
  ...rest
}: Record<string, unknown>): unknown {
  if (typeof text === "string") return { type: "text", content: text };
  if (isRecord(toolUse)) {
    return {
      type: "tool_call",
      id: toolUse["toolUseId"],
      name: toolUse["name"],
      arguments: toolUse["input"],
    };
  }
  if (isRecord(toolResult)) {
    const parts = Array.isArray(toolResult["content"]) ? toolResult["content"] : [];
    return { type: "tool_call_response", id: toolResult["toolUseId"], response: resultOf(parts) };
  }
  const thought = isRecord(reasoningContent) ? reasoningContent["reasoningText"] : undefined;
  if (isRecord(thought)) return { type: "reasoning", content: thought["text"] };
  return { type: Object.keys(rest)[0], ...rest };
}

/** Bedrock's parts of a result: one by itself. */
export function resultOf(parts: readonly unknown[]): unknown {
  const contents = parts.map(contentOf);
  return contents.length > 1 ? contents : parsed(contents[0]);
}

function contentOf(part: unknown): unknown {
  return isRecord(part) ? (part["text"] ?? part["json"] ?? part) : part;
}

/** The items of a list, which attributes may have flattened. */
function items(value: unknown): unknown[] {
  const list = parsed(value);
  return Array.isArray(list) ? list : isRecord(list) ? Object.values(list) : [];
}
