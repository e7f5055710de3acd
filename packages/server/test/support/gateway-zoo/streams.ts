import { type Behaviours, body, questions } from "./behaviour.ts";

const eventStream = { "content-type": "text/event-stream" };

function events(...data: readonly unknown[]): string {
  const lines = data.map((item) => `data: ${typeof item === "string" ? item : JSON.stringify(item)}`);
  return `${lines.join("\n\n")}\n\n`;
}

/** Event streams and their comments instead of one JSON answer. */
export const streams: Behaviours = {
  "openrouter-processing": questions((_call, usual) =>
    body(`: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n${JSON.stringify(usual)}`),
  ),
  "openrouter-processing-error": questions(() =>
    body(
      `: OPENROUTER PROCESSING\n\n${JSON.stringify({ error: { message: "No credits left", code: 402 } })}`,
    ),
  ),
  /** The whole answer in one event. */
  "stream-of-one": questions((_call, usual) => body(events(usual, "[DONE]"), eventStream)),
  "stream-of-chunks": questions(({ rightText, request }) => {
    const chunk = (delta: object, more: object = {}) => ({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 0,
      model: request.body.model,
      choices: [{ index: 0, delta, finish_reason: null, ...more }],
    });
    const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
    return body(
      `: hello\n\n${events(
        chunk({ role: "assistant", content: "" }),
        chunk({ content: rightText.slice(0, 5) }),
        chunk({ content: rightText.slice(5) }),
        chunk({}, { finish_reason: "stop" }),
        { id: "chatcmpl-1", choices: [], usage },
        "[DONE]",
      )}`,
      eventStream,
    );
  }),
  "stream-of-anthropic": questions(({ rightText, request }) =>
    body(
      events(
        {
          type: "message_start",
          message: {
            id: "msg_1",
            type: "message",
            role: "assistant",
            model: request.body.model,
            content: [],
            usage: { input_tokens: 100, output_tokens: 1 },
          },
        },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: rightText.slice(0, 5) } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: rightText.slice(5) } },
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } },
        { type: "message_stop" },
      ),
      eventStream,
    ),
  ),
  "stream-of-an-error": questions(() =>
    body(events({ error: { message: "Invalid API key", code: "invalid_api_key" } }), eventStream),
  ),
  /** A stream without an answer. */
  "stream-of-nothing": questions(() => body(events({ ping: 1 }, "[DONE]"), eventStream)),
};
