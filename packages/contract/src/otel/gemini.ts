import { isRecord, parsed } from "./json-values.ts";

/** A content of Gemini: one message for its texts and calls, and one for each result of a tool. */
export function fromGemini(content: unknown): unknown[] {
  const value = parsed(content);
  if (!isRecord(value) || !Array.isArray(value["parts"])) return [value];
  const texts: unknown[] = [];
  const calls: unknown[] = [];
  const results: unknown[] = [];
  for (const part of value["parts"].filter(isRecord)) {
    const call = part["function_call"] ?? part["functionCall"];
    const result = part["function_response"] ?? part["functionResponse"];
    if (isRecord(call)) {
      calls.push({
        id: call["id"],
        type: "function",
        function: { name: call["name"], arguments: call["args"] },
      });
    } else if (isRecord(result)) {
      results.push({
        role: "tool",
        tool_call_id: result["id"],
        name: result["name"],
        content: result["response"],
      });
    } else texts.push(part["text"] ?? part);
  }
  const isText = texts.every((text) => typeof text === "string");
  const message = {
    role: value["role"] === "model" ? "assistant" : (value["role"] ?? "user"),
    content: texts.length === 0 ? null : isText ? texts.join("\n") : texts,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return texts.length + calls.length === 0 ? results : [message, ...results];
}
