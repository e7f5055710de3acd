import { attachmentIn, attachmentLabel } from "./attachment.ts";

/** A message of a conversation, in the forms that providers and frameworks use. */
export interface Message {
  readonly role: string;
  readonly content: unknown;
  readonly toolCalls: readonly ToolCall[];
  /** For a tool's result: the call that it answers. */
  readonly callId: string | null;
}

export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  readonly arguments: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** The messages in a value; `null` if it is not a conversation. */
export function messagesIn(value: unknown): Message[] | null {
  if (Array.isArray(value)) {
    const messages = value.map(messageIn);
    return messages.length > 0 && messages.every((message) => message !== null) ? messages : null;
  }
  if (!isFields(value)) return null;
  const list = value["messages"] ?? value["choices"];
  if (Array.isArray(list)) return messagesIn(list);
  const single = messageIn(value["message"] ?? value);
  return single === null ? null : [single];
}

function messageIn(value: unknown): Message | null {
  if (!isFields(value)) return null;
  if (isFields(value["message"])) return messageIn(value["message"]);
  const role = value["role"] ?? value["type"];
  if (typeof role !== "string" || !("content" in value || "parts" in value || "tool_calls" in value))
    return null;
  const content = value["content"] ?? value["parts"] ?? null;
  const parts = Array.isArray(content) ? content.filter(isFields) : [];
  const used = parts.filter(({ type }) => type === "tool_use" || type === "tool-call");
  const calls = Array.isArray(value["tool_calls"]) ? value["tool_calls"].filter(isFields) : [];
  const callId = value["tool_call_id"] ?? value["toolCallId"];
  return {
    role,
    content: used.length === 0 ? content : parts.filter((part) => !used.includes(part)),
    toolCalls: [...calls, ...used].map(toolCall),
    callId: typeof callId === "string" ? callId : null,
  };
}

function toolCall(value: Fields): ToolCall {
  const called = isFields(value["function"]) ? value["function"] : value;
  const name = called["name"] ?? called["toolName"];
  const given = called["arguments"] ?? called["input"] ?? called["args"];
  const id = value["id"] ?? value["toolCallId"];
  return {
    id: typeof id === "string" ? id : null,
    name: typeof name === "string" ? name : "tool",
    arguments: typeof given === "string" ? parsed(given) : given,
  };
}

/** JSON in a string as its value; any other string as it is. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text of a message's content or of a trace's input; `null` if it is not only text. */
export function textIn(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const texts = value.map((part) => (isFields(part) ? textIn(part["text"]) : textIn(part)));
    return texts.length > 0 && texts.every((text) => text !== null) ? texts.join("\n\n") : null;
  }
  if (!isFields(value)) return null;
  const keys = Object.keys(value);
  const [only] = keys;
  return keys.length === 1 && only !== undefined && typeof value[only] === "string" ? value[only] : null;
}

/** The fields in which agents put the text of a request that also has other fields. */
const textFields = ["message", "question", "query", "prompt", "input", "text", "answer", "output"];

/** The main text of a value: the user's last message in a conversation, a text, or JSON. */
export function mainText(value: unknown): string {
  const messages = messagesIn(value);
  const message = messages?.findLast(({ role }) => role === "user" || role === "human") ?? messages?.at(-1);
  const shown = message === undefined ? value : message.content;
  if (shown === null || shown === undefined) return "";
  const field = isFields(shown) ? textFields.find((name) => typeof shown[name] === "string") : undefined;
  return textIn(isFields(shown) && field !== undefined ? shown[field] : shown) ?? JSON.stringify(shown);
}

/** The beginning of {@link mainText}, for one line; for a file, its type. */
export function summaryOf(value: unknown): string {
  const text = mainText(value);
  const attachment = attachmentIn(text);
  return attachment === null ? text.slice(0, 400) : attachmentLabel(attachment);
}

/** An answer that has other fields beside its text, such as its sources; `null` for any other value. */
export function answerIn(value: unknown): { readonly text: string; readonly others: Fields } | null {
  if (!isFields(value)) return null;
  const field = ["answer", "message"].find((name) => typeof value[name] === "string");
  if (field === undefined) return null;
  const { [field]: text, ...others } = value;
  return { text: String(text), others };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
