import type { SpanFields } from "./span.ts";

/** The fields of a span from an answer; `error` if the model failed. */
export interface ModelAnswer extends SpanFields {
  readonly error?: unknown;
}

interface ToolCall {
  index?: number;
  id?: string;
  type?: string;
  function?: { name?: string; arguments?: string };
}
interface Message {
  role?: string;
  content?: string | null;
  refusal?: string | null;
  tool_calls?: ToolCall[];
}
interface Completion {
  model?: string;
  usage?: object | null;
  choices?: { index?: number; message?: Message; delta?: Message }[];
}
interface ResponseItem {
  type?: string;
  call_id?: string;
  name?: string;
  arguments?: string;
  content?: { text?: string; refusal?: string }[];
}
interface ModelResponse {
  model?: string;
  usage?: object | null;
  error?: { message?: string } | null;
  output?: ResponseItem[];
}

/** The requests and responses of OpenAI's two APIs. */
export const openAiApis = {
  chat: {
    name: "chat.completions",
    asked(body: { model?: string; messages?: unknown; stream?: unknown }): SpanFields {
      const { model, messages, stream: _, ...model_parameters } = body;
      return { model, input: { messages }, model_parameters };
    },
    answered: ({ model, usage, choices = [] }: Completion): ModelAnswer => ({
      model,
      token_usage: usage ?? undefined,
      output: { messages: choices.map(({ message }) => message) },
    }),
    streamed(chunks: readonly Completion[]): ModelAnswer {
      const messages: Message[] = [];
      for (const { index = 0, delta } of chunks.flatMap(({ choices }) => choices ?? [])) {
        messages[index] = joinedMessage(messages[index], delta);
      }
      const usage = chunks.findLast((chunk) => chunk.usage)?.usage ?? undefined;
      return { model: chunks[0]?.model, token_usage: usage, output: { messages } };
    },
  },
  responses: {
    name: "responses",
    asked(body: { model?: string; instructions?: unknown; input?: unknown; stream?: unknown }): SpanFields {
      const { model, instructions, input, stream: _, ...model_parameters } = body;
      const system = typeof instructions === "string" ? [{ role: "system", content: instructions }] : [];
      const asked = Array.isArray(input) ? input : [{ role: "user", content: input }];
      return { model, input: { messages: [...system, ...asked] }, model_parameters };
    },
    answered: responseAnswer,
    streamed(events: readonly { response?: ModelResponse; type?: string; delta?: string }[]): ModelAnswer {
      // The last event of a stream that is complete has the whole response.
      const last = events.at(-1)?.response;
      if (last !== undefined) return responseAnswer(last);
      const deltas = events.filter(({ type }) => type === "response.output_text.delta");
      const content = deltas.map(({ delta }) => delta).join("");
      return { output: { messages: [{ role: "assistant", content }] } };
    },
  },
};

function joinedMessage(
  message: Message = { role: "assistant", content: null },
  delta: Message = {},
): Message {
  if (typeof delta.content === "string") message.content = (message.content ?? "") + delta.content;
  if (typeof delta.refusal === "string") message.refusal = (message.refusal ?? "") + delta.refusal;
  for (const { index = 0, id, function: part } of delta.tool_calls ?? []) {
    message.tool_calls ??= [];
    const call = message.tool_calls[index] ?? { type: "function" };
    message.tool_calls[index] = {
      ...call,
      ...(id !== undefined && { id }),
      function: {
        name: (call.function?.name ?? "") + (part?.name ?? ""),
        arguments: (call.function?.arguments ?? "") + (part?.arguments ?? ""),
      },
    };
  }
  return message;
}

function responseAnswer({ model, usage, error, output = [] }: ModelResponse): ModelAnswer {
  const content = output
    .flatMap((item) => item.content ?? [])
    .map(({ text, refusal }) => text ?? refusal ?? "")
    .join("");
  const tool_calls = output
    .filter(({ type }) => type === "function_call")
    .map(({ call_id, name, arguments: text }) => ({
      id: call_id,
      type: "function",
      function: { name, arguments: text },
    }));
  const message = { role: "assistant", content, ...(tool_calls.length > 0 && { tool_calls }) };
  return {
    model,
    token_usage: usage ?? undefined,
    output: { messages: [message] },
    ...(error && { error: new Error(error.message ?? "The model failed.") }),
  };
}
