import { isRecord } from "./json.ts";
import { toParameters } from "./tool-call.ts";

/** A tool call in a message. `id` is the provider's, or null if it gave none. */
export interface MessageCall {
  readonly id: string | null;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One message of a conversation with a model, independent of the format it was recorded in. */
export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool" | "other";
  readonly text: string;
  readonly calls: readonly MessageCall[];
}

const ROLES: Readonly<Record<string, Message["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  ai: "assistant",
  model: "assistant",
  tool: "tool",
  function: "tool",
  // Items of the OpenAI Responses API.
  function_call: "assistant",
  function_call_output: "tool",
};

/** Reads one message: OpenAI (Chat and Responses), Anthropic, Gemini, LangChain, Vercel AI SDK. */
export function readMessage(value: unknown): Message | undefined {
  if (!isRecord(value)) return undefined;
  const roleName = typeof value["role"] === "string" ? value["role"] : value["type"];
  if (typeof roleName !== "string") return undefined;
  const role = Object.hasOwn(ROLES, roleName.toLowerCase()) ? ROLES[roleName.toLowerCase()] : undefined;
  const content = value["content"] ?? value["parts"];
  if (role === undefined) {
    // An unknown role still makes a message; an unknown `type` does not.
    return typeof value["role"] === "string" && content !== undefined
      ? { role: "other", ...readBody(value, content) }
      : undefined;
  }
  const body = readBody(value, content);
  const isToolResult = role === "user" && body.text === "" && holdsToolResult(content);
  return { role: isToolResult ? "tool" : role, ...body };
}

function readBody(
  message: Readonly<Record<string, unknown>>,
  content: unknown,
): Pick<Message, "text" | "calls"> {
  const parts = Array.isArray(content) ? content : [content];
  const listed = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
  const texts = parts.map(textOf).filter(Boolean);
  return {
    text: (texts.length > 0 ? texts : parts.map(fileOf).filter(Boolean)).join("\n"),
    calls: [message, ...listed, ...parts].map(readCall).filter((call) => call !== undefined),
  };
}

function textOf(part: unknown): string {
  if (typeof part === "string") return part;
  if (!isRecord(part)) return "";
  return typeof part["text"] === "string" ? part["text"] : "";
}

/** A mark for a part that is no text, such as `[image]`. */
function fileOf(part: unknown): string {
  if (!isRecord(part)) return "";
  const kinds = [part["type"], part["modality"]].filter((kind) => typeof kind === "string");
  const [kind] = /image|audio|video|file|document/.exec(kinds.join(" ").toLowerCase()) ?? [];
  return kind === undefined ? "" : `[${kind}]`;
}

function holdsToolResult(content: unknown): boolean {
  const parts = Array.isArray(content) ? content : [];
  return parts.some(
    (part) =>
      isRecord(part) &&
      (part["type"] === "tool_result" ||
        part["type"] === "tool-result" ||
        part["functionResponse"] !== undefined),
  );
}

/** Reads a call in any of the providers' formats; undefined for anything else. */
function readCall(value: unknown): MessageCall | undefined {
  if (!isRecord(value)) return undefined;
  const id = [value["id"], value["call_id"], value["toolCallId"]].find(
    (candidate) => typeof candidate === "string",
  );
  const { function: fn, functionCall, function_call: oldCall } = value;
  for (const nested of [fn, functionCall, oldCall]) {
    if (isRecord(nested)) return toCall(id, nested["name"], nested["arguments"] ?? nested["args"]);
  }
  switch (value["type"]) {
    case "function_call":
      return toCall(value["call_id"], value["name"], value["arguments"]);
    case "tool_use":
      return toCall(id, value["name"], value["input"]);
    case "tool-call":
      return toCall(id, value["toolName"], value["input"] ?? value["args"]);
    case "tool_call":
    case undefined:
      // LangChain: { name, args, id }. A message would have a role or content instead.
      return value["role"] === undefined && value["args"] !== undefined
        ? toCall(id, value["name"], value["args"])
        : undefined;
    default:
      return undefined;
  }
}

function toCall(id: unknown, name: unknown, parameters: unknown): MessageCall | undefined {
  if (typeof name !== "string" || name === "") return undefined;
  return { id: typeof id === "string" ? id : null, name, parameters: toParameters(parameters) };
}
