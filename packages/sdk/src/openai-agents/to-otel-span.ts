import type { OtelAttributes, OtelSpan, OtelTime } from "@pandaprobe/sdk/otel";
import type { AgentsSpan, AgentsTrace } from "./agents-types.ts";
import { hexSpanId, hexTraceId } from "./ids.ts";
import { isRecord, itemMessages } from "./items.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Times {
  readonly startTime: OtelTime;
  readonly endTime: OtelTime;
}

/** The span of the trace itself, which contains all others. */
export function rootSpan({ traceId, name, groupId, metadata = {} }: AgentsTrace, times: Times): OtelSpan {
  const { user_id, userId = user_id, tags, ...rest } = metadata;
  return {
    ...times,
    name,
    spanContext: () => ({ traceId: hexTraceId(traceId), spanId: rootId(traceId) }),
    status: { code: 0 },
    attributes: said({ ...rest, "gen_ai.conversation.id": groupId, "user.id": userId, "tag.tags": tags }),
    events: [],
  };
}

export function toOtelSpan(span: AgentsSpan, times: Times): OtelSpan {
  const { traceId, spanId, parentId, error, spanData } = span;
  const parent = parentId === null || parentId === traceId ? rootId(traceId) : hexSpanId(parentId);
  const data: Fields = { ...spanData };
  return {
    ...times,
    name: nameOf(spanData.type, data),
    spanContext: () => ({ traceId: hexTraceId(traceId), spanId: hexSpanId(spanId) }),
    parentSpanContext: { spanId: parent },
    status: error === null ? { code: 0 } : { code: 2, message: messageOf(error) },
    attributes: said(attributesOf(spanData.type, data)),
    events: [],
  };
}

const rootId = (traceId: string) => hexSpanId(`root of ${traceId}`);

function nameOf(type: string, { name, to_agent, turn }: Fields): string {
  if (typeof name === "string") return name;
  if (typeof to_agent === "string") return `handoff to ${to_agent}`;
  return turn === undefined ? type : `${type} ${turn}`;
}

function messageOf({ message, data = {} }: NonNullable<AgentsSpan["error"]>): string {
  const { error } = data;
  return typeof error === "string" && error !== message ? `${message}: ${error}` : message;
}

/** The span's attributes in OpenTelemetry's GenAI conventions. Everything else becomes metadata. */
function attributesOf(type: string, data: Fields): Fields {
  const { type: _, name, input, output, model, usage, ...rest } = data;
  switch (type) {
    case "agent":
      return { ...rest, "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name };
    case "task":
      return { ...rest, usage, "gen_ai.operation.name": "invoke_workflow" };
    case "turn":
      return { ...rest, usage, "gen_ai.operation.name": "agent_step" };
    case "function":
      return {
        ...rest,
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.arguments": input,
        "gen_ai.tool.call.result": output,
      };
    case "generation": {
      const { model_config, ...others } = rest;
      return {
        ...others,
        ...modelCall({ input, output, model, usage }),
        ...parameters(isRecord(model_config) ? model_config : {}),
      };
    }
    case "response": {
      const { _input, _response, response_id, ...others } = rest;
      const response = isRecord(_response) ? _response : {};
      return {
        ...others,
        ...modelCall({ ...response, input: _input }),
        ...parameters(response),
        "gen_ai.response.id": response_id,
        "gen_ai.system_instructions": response["instructions"],
        "gen_ai.tool.definitions": response["tools"],
      };
    }
    case "custom":
      return { ...rest, ...(isRecord(rest["data"]) ? rest["data"] : {}), data: undefined };
    default:
      return {
        ...rest,
        model,
        usage,
        "input.value": withoutAudio(input),
        "output.value": withoutAudio(output),
      };
  }
}

function modelCall({ input, output, model, usage }: Fields): Fields {
  // A response of the Chat Completions API has its own usage and model.
  const [only] = Array.isArray(output) ? output : [];
  const completion = isRecord(only) && "choices" in only ? only : {};
  const counts = [usage, completion["usage"]].find(isRecord) ?? {};
  const details = (name: string) => (isRecord(counts[name]) ? counts[name] : {});
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": model,
    "gen_ai.response.model": completion["model"],
    "gen_ai.input.messages": itemMessages(input),
    "gen_ai.output.messages": itemMessages(output),
    "gen_ai.usage.input_tokens": counts["input_tokens"] ?? counts["prompt_tokens"],
    "gen_ai.usage.output_tokens": counts["output_tokens"] ?? counts["completion_tokens"],
    "gen_ai.usage.total_tokens": counts["total_tokens"],
    "gen_ai.usage.cache_read.input_tokens":
      details("input_tokens_details")["cached_tokens"] ?? details("prompt_tokens_details")["cached_tokens"],
    "gen_ai.usage.reasoning.output_tokens":
      details("output_tokens_details")["reasoning_tokens"] ??
      details("completion_tokens_details")["reasoning_tokens"],
  };
}

/** The parameters of a call. A response repeats them among its own fields. */
const parameterNames = [
  ["temperature"],
  ["top_p", "topP"],
  ["frequency_penalty", "frequencyPenalty"],
  ["presence_penalty", "presencePenalty"],
  ["max_output_tokens", "maxTokens", "max_tokens"],
  ["tool_choice", "toolChoice"],
  ["parallel_tool_calls", "parallelToolCalls"],
  ["reasoning"],
  ["text"],
  ["seed"],
] as const;

function parameters(from: Fields): Fields {
  return Object.fromEntries(
    parameterNames.map(([name, ...others]) => [
      `gen_ai.request.${name}`,
      [name, ...others].map((each) => from[each]).find((value) => value != null),
    ]),
  );
}

/** Audio takes megabytes, and judges cannot hear it. */
function withoutAudio(value: unknown): unknown {
  if (!isRecord(value) || !("data" in value)) return value;
  const { data: _, ...rest } = value;
  return rest;
}

function said(attributes: Fields): OtelAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null));
}
