import { isFields, normalizeUsage, UNKNOWN_COUNT } from "./token-count.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The body of an OpenAI-compatible chat completion as the AI SDK expects it. Gateways deviate: another role, dates as text,
 * content as parts, arguments as an object, `function_call`, an answer in `reasoning_content`.
 */
export function normalizeChatBody(body: unknown): unknown {
  if (!isFields(body) || !Array.isArray(body["choices"])) return body;
  const { id, model, choices, usage, created: _, ...rest } = body;
  return {
    ...rest,
    ...(typeof id === "string" && { id }),
    ...(typeof model === "string" && { model }),
    choices: choices.map((choice) => (isFields(choice) ? normalizeChoice(choice) : choice)),
    usage: normalizeUsage(usage, ["prompt_tokens", "completion_tokens"]),
  };
}

function normalizeChoice({ message, text, finish_reason, ...choice }: Fields): Fields {
  return {
    ...choice,
    message: isFields(message) ? normalizeMessage(message) : { role: "assistant", content: text ?? "" },
    finish_reason: typeof finish_reason === "string" ? finish_reason.toLowerCase() : null,
  };
}

function normalizeMessage({
  content,
  refusal,
  tool_calls,
  function_call,
  reasoning_content,
  reasoning,
}: Fields): Fields {
  const calls = [...(Array.isArray(tool_calls) ? tool_calls : []), { function: function_call }];
  const thought = typeof reasoning_content === "string" ? reasoning_content : reasoning;
  return {
    role: "assistant",
    content: contentText(content),
    ...(typeof refusal === "string" && { refusal }),
    ...(typeof thought === "string" && { reasoning_content: thought }),
    tool_calls: calls.flatMap(normalizeToolCall),
  };
}

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(partText).join("");
  return isFields(content) ? JSON.stringify(content) : "";
}

/** Parts of other types, such as thoughts and sources, do not belong to the answer. */
function partText(part: unknown): string {
  if (typeof part === "string") return part;
  if (!isFields(part) || typeof part["text"] !== "string") return "";
  return ["text", "output_text", undefined].includes(asText(part["type"])) ? part["text"] : "";
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function normalizeToolCall(call: unknown, index: number): Fields[] {
  if (!isFields(call) || !isFields(call["function"])) return [];
  const { name, arguments: given } = call["function"];
  const text = typeof given === "string" ? given : JSON.stringify(given ?? {});
  return [
    {
      id: typeof call["id"] === "string" ? call["id"] : `call-${index + 1}`,
      type: "function",
      function: { name: typeof name === "string" && name !== "" ? name : "answer", arguments: text },
    },
  ];
}

/** The body of an answer of Anthropic's messages API as the AI SDK expects it. */
export function normalizeMessagesBody(body: unknown): unknown {
  if (!isFields(body) || body["content"] === undefined) return body;
  const { content, usage } = body;
  const counts = ["input_tokens", "output_tokens"];
  return {
    ...body,
    type: "message",
    content: typeof content === "string" ? [{ type: "text", text: content }] : content,
    usage: normalizeUsage(usage, counts) ?? Object.fromEntries(counts.map((count) => [count, UNKNOWN_COUNT])),
  };
}

/** The body of an answer of OpenAI's responses API as the AI SDK expects it. */
export function normalizeResponsesBody(body: unknown): unknown {
  if (!isFields(body) || body["usage"] === undefined) return body;
  return { ...body, usage: normalizeUsage(body["usage"], ["input_tokens", "output_tokens"]) };
}

/** The body of a Gemini answer as the AI SDK expects it. Google leaves out counts that are 0. */
export function normalizeGeminiBody(body: unknown): unknown {
  if (!isFields(body) || body["usageMetadata"] === undefined) return body;
  return { ...body, usageMetadata: normalizeUsage(body["usageMetadata"], ["promptTokenCount"]) };
}
