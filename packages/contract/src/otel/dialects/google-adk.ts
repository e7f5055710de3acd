import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { isRecord, parsed } from "../json-values.ts";
import { toMessages, withoutPieces } from "../messages.ts";

const prefix = "gcp.vertex.agent.";

/** Google's Agent Development Kit. Its model calls hold Gemini's requests and responses. */
export const googleAdk: Dialect = {
  families: ["gcp"],
  kind(attributes, { name }): Kind | undefined {
    // Version 1 repeats a model call in a span of the conventions, with the same tokens.
    const repeats = ["gen_ai.system", "gen_ai.usage.input_tokens", `${prefix}invocation_id`];
    if (name.startsWith("generate_content") && repeats.every((each) => attributes.has(each))) return "CHAIN";
    if (name === "call_llm") return "LLM";
    if (name.startsWith("agent_run") || name.startsWith("invoke_agent")) return "AGENT";
    if (name.startsWith("execute_tool")) return "TOOL";
    return name === "invocation" ? "CHAIN" : undefined;
  },
  read(attributes, _span, kind) {
    const request = present(attributes.value(`${prefix}llm_request`));
    const response = present(attributes.value(`${prefix}llm_response`));
    const config = isRecord(request?.["config"]) ? request["config"] : {};
    const { tools, system_instruction: system, ...parameters } = config;
    const usage = isRecord(response?.["usage_metadata"]) ? response["usage_metadata"] : {};
    const content = response?.["content"];
    const output = toolResult(attributes.value(`${prefix}tool_response`));
    return {
      model: typeof request?.["model"] === "string" ? request["model"] : undefined,
      tokens: callsModel(kind) ? tokensOf(usage) : undefined,
      parameters,
      tools: Array.isArray(tools) ? tools.flatMap(declarations) : undefined,
      system: typeof system === "string" ? [{ role: "system", content: system }] : [],
      asked: Array.isArray(request?.["contents"]) ? request["contents"].flatMap(fromGemini) : [],
      answered: content === undefined ? wholeAnswer(attributes) : fromGemini(content),
      input: present(attributes.value(`${prefix}tool_call_args`)),
      output,
      error:
        kind === "TOOL" ? toolError(output ?? parsed(attributes.peek("gen_ai.tool.call.result"))) : undefined,
      sessionId: attributes.id(`${prefix}session_id`),
      userId: attributes.id(`${prefix}user_id`),
    };
  },
};

/** Steps that have no request or response record `{}` or a note instead. */
function present(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) && Object.keys(value).length > 0 ? value : undefined;
}

/** Newer versions record the whole function response. */
function toolResult(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("<") ? undefined : value;
  const result = present(value);
  return isRecord(result?.["response"]) ? result["response"] : result;
}

/** The span's status has only a word if a tool returned an error. */
function toolError(result: unknown): string | undefined {
  const error = isRecord(result) ? result["error"] : undefined;
  return typeof error === "string" ? error : undefined;
}

/** Empty if the answer was not streamed. */
function wholeAnswer(attributes: AttributeReader): unknown[] {
  const pieces = toMessages(parsed(attributes.peek("gen_ai.output.messages")));
  const whole = withoutPieces(pieces);
  return whole.length < pieces.length ? whole : [];
}

function tokensOf(usage: Readonly<Record<string, unknown>>): Record<string, number> {
  const counts = [
    ["prompt_tokens", usage["prompt_token_count"]],
    ["completion_tokens", usage["candidates_token_count"]],
    ["total_tokens", usage["total_token_count"]],
    ["cache_read_tokens", usage["cached_content_token_count"]],
    ["reasoning_tokens", usage["thoughts_token_count"]],
  ] as const;
  return Object.fromEntries(
    counts.flatMap(([name, count]) => (typeof count === "number" ? [[name, count]] : [])),
  );
}

function declarations(tool: unknown): unknown[] {
  const list = isRecord(tool) ? (tool["function_declarations"] ?? tool["functionDeclarations"]) : undefined;
  return Array.isArray(list) ? list : [tool];
}

/** One message for a content's texts and calls, and one for each result of a tool. */
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
