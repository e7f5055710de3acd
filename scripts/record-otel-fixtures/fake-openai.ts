import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { type Answer, answerTo } from "./fake-answers.ts";

interface Question {
  readonly model: string;
  readonly stream?: boolean;
  readonly tools?: readonly object[];
  readonly messages?: readonly object[];
  readonly input?: readonly object[] | string;
  readonly instructions?: string | null;
}

/** Plays OpenAI's API: what it answers depends on the conversation alone. A model named `down-1` fails. */
export async function answerLikeOpenAi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const question = (await json(request)) as Question;
  const { model, stream = false, messages, input = [], tools = [] } = question;
  const isChat = messages !== undefined;
  if (model === "down-1") {
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: "The model is down.", type: "server_error" } }));
    return;
  }
  const last = messages?.at(-1) ?? (typeof input === "string" ? input : input.at(-1));
  const answer = answerTo(last, tools.length > 0);
  const events = isChat ? chatEvents(model, answer) : responseEvents(question, answer);
  if (!stream) {
    const whole = isChat ? wholeChat(model, answer) : wholeResponse(question, answer);
    response.setHeader("content-type", "application/json").end(JSON.stringify(whole));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  for (const event of events) {
    if ("type" in event) response.write(`event: ${String(event.type)}\n`);
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  }
  response.end(isChat ? "data: [DONE]\n\n" : "");
}

const call = (city: string) => ({ name: "get_weather", arguments: JSON.stringify({ city }) });

const chatUsage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function wholeChat(model: string, { text, city }: Answer): object {
  const calls = city === undefined ? [] : [{ id: "call_1", type: "function", function: call(city) }];
  const message = {
    role: "assistant",
    content: city === undefined ? text : null,
    ...(city === undefined ? {} : { tool_calls: calls }),
  };
  const choices = [{ index: 0, message, finish_reason: city === undefined ? "stop" : "tool_calls" }];
  return { id: "chat_1", object: "chat.completion", created: 1, model, choices, usage: chatUsage };
}

function chatEvents(model: string, { text, city }: Answer): object[] {
  const head = { id: "chat_1", object: "chat.completion.chunk", created: 1, model };
  const chunk = (delta: object, finish: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const deltas =
    city === undefined
      ? pieces(text).map((content) => chunk({ role: "assistant", content }))
      : [
          chunk({
            role: "assistant",
            tool_calls: [{ index: 0, id: "call_1", type: "function", function: call(city) }],
          }),
        ];
  const end = chunk({}, city === undefined ? "stop" : "tool_calls");
  return [...deltas, end, { ...head, choices: [], usage: chatUsage }];
}

function wholeResponse({ model, instructions = null, tools = [] }: Question, answer: Answer): object {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status: "completed",
    model,
    instructions,
    output: [outputItem(answer)],
    parallel_tool_calls: false,
    tool_choice: "auto",
    tools,
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 15,
    },
  };
}

function outputItem({ text, city }: Answer): object {
  if (city !== undefined) {
    return { id: "fc_1", type: "function_call", call_id: "call_1", status: "completed", ...call(city) };
  }
  const content = [{ type: "output_text", text, annotations: [] }];
  return { id: "msg_1", type: "message", role: "assistant", status: "completed", content };
}

function responseEvents(question: Question, answer: Answer): object[] {
  const place = { item_id: "msg_1", output_index: 0, content_index: 0, logprobs: [] };
  const part = { type: "output_text", text: "", annotations: [] };
  const whole = wholeResponse(question, answer);
  const events = [
    { type: "response.created", response: { ...whole, status: "in_progress", output: [] } },
    { type: "response.output_item.added", output_index: 0, item: outputItem({ ...answer, text: "" }) },
    { type: "response.content_part.added", ...place, part },
    ...pieces(answer.text).map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.output_text.done", ...place, text: answer.text },
    { type: "response.output_item.done", output_index: 0, item: outputItem(answer) },
    { type: "response.completed", response: whole },
  ];
  return events.map((event, n) => ({ ...event, sequence_number: n }));
}

/** A text in two pieces, as a model streams it. */
function pieces(text: string): string[] {
  const middle = text.indexOf(" ", text.length / 3) + 1;
  return [text.slice(0, middle), text.slice(middle)];
}
