import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { answerTo } from "./fake-answers.ts";

interface Question {
  readonly model: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly { readonly role: string }[];
}

/** Plays Anthropic's API, as `answerLikeOpenAi` plays OpenAI's. */
export async function answerLikeAnthropic(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model, stream = false, tools = [], messages } = (await json(request)) as Question;
  if (model === "down-1") {
    response.writeHead(400, { "content-type": "application/json" });
    const error = { type: "invalid_request_error", message: "The model is down." };
    response.end(JSON.stringify({ type: "error", error }));
    return;
  }
  const tool = tools.find(({ name }) => name.endsWith("get_weather"));
  const { text, city } = answerTo(
    messages.findLast(({ role }) => role === "user"),
    tool !== undefined,
  );
  const block =
    city === undefined
      ? { type: "text", text }
      : { type: "tool_use", id: "call_1", name: tool?.name, input: { city } };
  const stop_reason = city === undefined ? "end_turn" : "tool_use";
  const usage = { input_tokens: 10, output_tokens: 5 };
  const head = { id: "msg_1", type: "message", role: "assistant", model };
  if (!stream) {
    const whole = { ...head, content: [block], stop_reason, stop_sequence: null, usage };
    response.setHeader("content-type", "application/json").end(JSON.stringify(whole));
    return;
  }
  const empty = city === undefined ? { ...block, text: "" } : { ...block, input: {} };
  const delta =
    city === undefined
      ? { type: "text_delta", text }
      : { type: "input_json_delta", partial_json: JSON.stringify({ city }) };
  const events = [
    {
      type: "message_start",
      message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage },
    },
    { type: "content_block_start", index: 0, content_block: empty },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: "message_stop" },
  ];
  response.setHeader("content-type", "text/event-stream");
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}
