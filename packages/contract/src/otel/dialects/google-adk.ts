import type { AttributeReader } from "../attribute-reader.ts";
import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { fromGemini } from "../gemini.ts";
import { isRecord, parsed } from "../json-values.ts";
import { toMessages, withoutPieces } from "../messages.ts";

const prefix = "gcp.vertex.agent.";

/** Google's Agent Development Kit. Its model calls hold Gemini's requests and responses. */
export const googleAdk: Dialect = {
  families: ["gcp"],
  scope: "gcp.vertex.agent",
  kind(attributes, { name }): Kind | undefined {
    // Version 1 repeats a model call in a span of the conventions, with the same tokens.
    const repeats = ["gen_ai.system", `${prefix}invocation_id`];
    if (name.startsWith("generate_content") && repeats.every((each) => attributes.has(each))) return "CHAIN";
    if (name === "call_llm") return "LLM";
    if (name.startsWith("agent_run") || name.startsWith("invoke_agent")) return "AGENT";
    if (name.startsWith("execute_tool")) return "TOOL";
    return name === "invocation" ? "CHAIN" : undefined;
  },
  read(attributes, { name }, kind) {
    const request = present(attributes.value(`${prefix}llm_request`));
    const response = present(attributes.value(`${prefix}llm_response`));
    const config = isRecord(request?.["config"]) ? request["config"] : {};
    const { tools, system_instruction: system, ...parameters } = config;
    const usage = isRecord(response?.["usage_metadata"]) ? response["usage_metadata"] : {};
    const content = response?.["content"];
    const output = toolResult(attributes.value(`${prefix}tool_response`));
    return {
      isUnnamed: name === "invocation",
      namesTrace: kind === "AGENT" ? agentOf(attributes, name) : undefined,
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

/** The first releases write it into the span's name alone. */
function agentOf(attributes: AttributeReader, name: string): string | undefined {
  return attributes.peek("gen_ai.agent.name") ?? /^agent_run \[(.+)\]$/.exec(name)?.[1];
}

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
