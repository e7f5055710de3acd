import { sendJson, startTestServer, type TestServer } from "../support/test-server.ts";

/** What the model answers to one request. */
export interface Answer {
  readonly text?: string;
  readonly call?: { readonly name: string; readonly arguments: string };
  /** The status of a request that fails. */
  readonly failure?: number;
}

/** A server of OpenAI's Responses and Chat Completions APIs that takes each answer from the front of the list. */
export function startModelServer(answers: Answer[]): Promise<TestServer> {
  return startTestServer((response, { url, body }) => {
    const answer = answers.shift() ?? { failure: 400 };
    const id = answer.call?.name ?? "text";
    if (answer.failure !== undefined) {
      return sendJson(response, answer.failure, { error: { message: "The model is down." } });
    }
    if (!url.endsWith("/responses")) return sendJson(response, 200, completion(id, answer));
    const done = modelResponse(id, answer);
    if (!(JSON.parse(body) as { stream?: boolean }).stream) return sendJson(response, 200, done);
    const events = [
      { type: "response.created", response: { ...done, output: [] } },
      { type: "response.output_text.delta", delta: answer.text ?? "", output_index: 0, content_index: 0 },
      { type: "response.completed", response: done },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  });
}

function modelResponse(id: string, { text, call }: Answer) {
  const output = [
    ...(text === undefined
      ? []
      : [
          {
            id: `msg_${id}`,
            type: "message",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text, annotations: [] }],
          },
        ]),
    ...(call === undefined
      ? []
      : [{ id: `fc_${id}`, type: "function_call", call_id: `call_${id}`, status: "completed", ...call }]),
  ];
  return {
    id: `resp_${id}`,
    object: "response",
    status: "completed",
    model: "gpt-5.4-mini-2026",
    instructions: "Be brief.",
    temperature: 0.5,
    tools: [{ type: "function", name: "get_weather", parameters: { type: "object" } }],
    output,
    usage: {
      input_tokens: 20,
      output_tokens: 5,
      total_tokens: 25,
      input_tokens_details: { cached_tokens: 8 },
      output_tokens_details: { reasoning_tokens: 2 },
    },
  };
}

function completion(id: string, { text, call }: Answer) {
  const calls = call && [{ id: `call_${id}`, type: "function", function: call }];
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    model: "gpt-5.4-mini-2026",
    choices: [
      {
        index: 0,
        finish_reason: calls ? "tool_calls" : "stop",
        message: { role: "assistant", content: text ?? null, ...(calls && { tool_calls: calls }) },
      },
    ],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 5,
      total_tokens: 25,
      prompt_tokens_details: { cached_tokens: 8 },
    },
  };
}
