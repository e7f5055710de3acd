import OpenAI from "openai";
import { afterAll, beforeAll, expect, expectTypeOf, it } from "vitest";
import { sendJson, startTestServer, type TestServer } from "../support/test-server.ts";
import { outline, startTraceReceiver } from "../support/trace-receiver.ts";

const model = "gpt-5.4";
const messages = [{ role: "user", content: "Is it raining?" }] as const;
const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
const call = { id: "call_1", type: "function", function: { name: "sky", arguments: '{"city":"Paris"}' } };
const completion = {
  id: "c",
  object: "chat.completion",
  model,
  usage,
  choices: [
    {
      index: 0,
      finish_reason: "tool_calls",
      message: { role: "assistant", content: "I look.", tool_calls: [call] },
    },
  ],
};
const deltas = [
  { role: "assistant", content: "I " },
  { content: "look." },
  {
    tool_calls: [
      { index: 0, id: "call_1", type: "function", function: { name: "sky", arguments: '{"city"' } },
    ],
  },
  { tool_calls: [{ index: 0, function: { arguments: ':"Paris"}' } }] },
];
const chunks = [
  ...deltas.map((delta) => ({ model, choices: [{ index: 0, delta }] })),
  { model, choices: [], usage },
];
const response = {
  id: "r",
  object: "response",
  model,
  usage: { input_tokens: 5, output_tokens: 2 },
  output: [
    {
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: "I look.", annotations: [] }],
    },
    { type: "function_call", call_id: "call_1", name: "sky", arguments: '{"city":"Paris"}' },
  ],
};
const events = [
  { type: "response.output_text.delta", delta: "I " },
  { type: "response.output_text.delta", delta: "look." },
  { type: "response.completed", response },
];
const answer = { messages: [{ role: "assistant", content: "I look.", tool_calls: [call] }] };

let server: Awaited<ReturnType<typeof startTraceReceiver>>;
let provider: TestServer;
beforeAll(async () => {
  server = await startTraceReceiver();
  provider = await startTestServer((reply, { url, body }) => {
    const { stream, model: asked } = JSON.parse(body) as { stream?: boolean; model: string };
    const isChat = url === "/chat/completions";
    if (asked === "unknown") return sendJson(reply, 404, { error: { message: "There is no such model." } });
    if (stream !== true) return sendJson(reply, 200, isChat ? completion : response);
    reply.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of isChat ? chunks : events) reply.write(`data: ${JSON.stringify(event)}\n\n`);
    return reply.end("data: [DONE]\n\n");
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

function tracedOpenAI() {
  const traced = server.trace();
  const plain = new OpenAI({ apiKey: "key", baseURL: provider.endpoint, maxRetries: 0 });
  return { ...traced, openai: traced.wrapOpenAI(plain) };
}

it("records chat completions, in the span that calls them, and gives the client's own answer", async () => {
  const { openai, observe, sentOne } = tracedOpenAI();
  expectTypeOf(openai).toEqualTypeOf<OpenAI>();
  const agent = observe(
    () => openai.chat.completions.create({ model, messages: [...messages], temperature: 0 }).withResponse(),
    { name: "agent", output: ({ data }) => data.id },
  );
  const { data } = await agent();
  expect(data).toMatchObject(completion);
  const trace = await sentOne();
  expect(outline(trace)).toEqual(["agent", "agent > chat.completions"]);
  expect(trace.spans.find(({ kind }) => kind === "LLM")).toMatchObject({
    model,
    status: "OK",
    input: { messages },
    output: answer,
    token_usage: usage,
    model_parameters: { temperature: 0 },
  });
});

it("records a streamed chat completion, its tool calls and tokens", async () => {
  const { openai, sentOne } = tracedOpenAI();
  const stream = await openai.chat.completions.create({ model, messages: [...messages], stream: true });
  let count = 0;
  for await (const _ of stream) count += 1;
  expect(count).toBe(chunks.length);
  const { spans } = await sentOne();
  expect(spans[0]).toMatchObject({ model, output: answer, token_usage: usage });
  expect(spans[0]?.completion_start_time).toBeDefined();
});

it("records responses, plain, streamed, and left early", async () => {
  const { openai, sent } = tracedOpenAI();
  const asked = { model, instructions: "Be brief.", input: "Is it raining?" };
  expect((await openai.responses.create(asked)).output_text).toBe("I look.");
  for await (const _ of await openai.responses.create({ ...asked, stream: true }));
  for await (const _ of await openai.responses.create({ ...asked, stream: true })) break;
  const [plain, streamed, left] = await sent();
  const input = { messages: [{ role: "system", content: "Be brief." }, ...messages] };
  for (const trace of [plain, streamed]) {
    expect(trace).toMatchObject({ input, output: answer });
    expect(trace?.spans[0]).toMatchObject({ model, token_usage: response.usage });
  }
  expect(left).toMatchObject({ status: "COMPLETED", output: { messages: [{ content: "I " }] } });
});

it("records errors, and rethrows the client's own", async () => {
  const { openai, sentOne } = tracedOpenAI();
  const failing = openai.chat.completions.create({ model: "unknown", messages: [...messages] });
  await expect(failing).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  const trace = await sentOne();
  expect(trace.status).toBe("ERROR");
  expect(trace.spans[0]).toMatchObject({ model: "unknown", error: "404 There is no such model." });
});

it("leaves a raw response to the program", async () => {
  const { openai, sentOne } = tracedOpenAI();
  const raw = await openai.chat.completions.create({ model, messages: [...messages] }).asResponse();
  expect(await raw.json()).toEqual(completion);
  expect(await sentOne()).toMatchObject({ status: "COMPLETED", input: { messages } });
});
