type Fields = Readonly<Record<string, unknown>>;

interface Message {
  readonly role: string;
  readonly parts: unknown[];
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Converts a conversation from the Responses API or the Agents SDK to messages of OpenTelemetry's GenAI conventions.
 * Messages of the Chat Completions API are kept, because the mapping of spans reads them as well.
 */
export function itemMessages(items: unknown): unknown[] {
  if (typeof items === "string") return [{ role: "user", parts: [text(items)] }];
  const messages: unknown[] = [];
  let answer: Message | undefined;
  for (const item of Array.isArray(items) ? items.flatMap(completed) : []) {
    const message = isRecord(item) ? toMessage(item) : undefined;
    // Reasoning, text and calls of one answer are separate items.
    if (message?.role === "assistant" && answer !== undefined && !(hasText(message) && hasText(answer))) {
      answer.parts.push(...message.parts);
    } else {
      messages.push(message ?? item);
      answer = message?.role === "assistant" ? message : undefined;
    }
  }
  return messages;
}

/** The messages of a response of the Chat Completions API. */
function completed(item: unknown): unknown[] {
  const choices = isRecord(item) ? item["choices"] : undefined;
  return Array.isArray(choices)
    ? choices.map((choice) => (isRecord(choice) ? choice["message"] : choice))
    : [item];
}

function toMessage(item: Fields): Message | undefined {
  const { type, role, content, name, arguments: args, output, summary, ...rest } = item;
  const id = rest["call_id"] ?? rest["callId"] ?? rest["id"];
  switch (type) {
    case "function_call":
      return { role: "assistant", parts: [{ type: "tool_call", id, name, arguments: args }] };
    case "function_call_output":
    case "function_call_result":
      return { role: "tool", parts: [{ type: "tool_call_response", id, response: plain(output) }] };
    case "reasoning": {
      const thoughts = [summary, content].map(plain).filter((thought) => typeof thought === "string");
      return {
        role: "assistant",
        parts: thoughts.map((thought) => ({ type: "reasoning", content: thought })),
      };
    }
  }
  if (typeof role === "string" && (type === "message" || Array.isArray(content)) && !("tool_calls" in item)) {
    return { role, parts: Array.isArray(content) ? content.map(toPart) : [text(content)] };
  }
  // Tools that OpenAI runs itself: `web_search_call`, `mcp_call`, …
  if (typeof type !== "string" || !type.endsWith("_call")) return undefined;
  const { call_id: _, callId: __, id: ___, ...fields } = rest;
  return {
    role: "assistant",
    parts: [{ type: "tool_call", id, name: name ?? type.slice(0, -5), arguments: args ?? fields }],
  };
}

function toPart(part: unknown): unknown {
  if (!isRecord(part)) return text(part);
  const said = part["text"] ?? part["refusal"];
  if (typeof said === "string") return text(said);
  const url = part["image_url"] ?? part["image"];
  return part["type"] === "input_image" && typeof url === "string"
    ? { type: "image_url", image_url: { url } }
    : part;
}

const text = (content: unknown) => ({ type: "text", content });

const hasText = ({ parts }: Message) => parts.some((part) => isRecord(part) && part["type"] === "text");

/** Output that is only text, as a text. */
function plain(output: unknown): unknown {
  if (isRecord(output) && typeof output["text"] === "string") return output["text"];
  if (!Array.isArray(output) || output.length === 0) return Array.isArray(output) ? undefined : output;
  const texts = output.map((part) => (isRecord(part) ? part["text"] : part));
  return texts.every((part) => typeof part === "string") ? texts.join("\n") : output;
}
