import {
  Agent,
  createTranscriptionSpan,
  handoff,
  Runner,
  setTraceProcessors,
  setTracingDisabled,
  tool,
  withCustomSpan,
  withGenerationSpan,
  withTrace,
} from "@openai/agents-core";
import { OpenAIProvider } from "@openai/agents-openai";
import type { TraceCreate } from "@pandaprobe/sdk";
import { PandaProbeTracingProcessor, toTraceId } from "@pandaprobe/sdk/openai-agents";
import { PandaProbe } from "@pandaprobe/sdk/traces";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sendJson, startTestServer, type TestServer } from "../support/test-server.ts";
import { type Answer, startModelServer } from "./model-server.ts";

const question = "Is it raining in Oslo?";
const getWeather = tool({
  name: "get_weather",
  description: "Tells the weather.",
  strict: false,
  parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
  errorFunction: (_, error) => `Failed: ${error instanceof Error ? error.message : ""}`,
  execute: (input) => {
    if (JSON.stringify(input).includes("Atlantis")) throw new Error("No such city.");
    return { sky: "rain" };
  },
});
const agent = new Agent({
  name: "weather-agent",
  instructions: "Be brief.",
  model: "gpt-5.4-mini",
  tools: [getWeather],
  modelSettings: { temperature: 0.5 },
});
const callFor = (city: string) => ({ call: { name: "get_weather", arguments: JSON.stringify({ city }) } });

describe("PandaProbeTracingProcessor", () => {
  const traces: TraceCreate[] = [];
  const answers: Answer[] = [];
  let server: TestServer;
  let model: TestServer;
  let processor: PandaProbeTracingProcessor;

  beforeAll(async () => {
    server = await startTestServer((response, { body }) => {
      if (body !== "") traces.push(...(JSON.parse(body) as { traces: TraceCreate[] }).traces);
      sendJson(response, 202, { items: [], accepted: 0, rejected: 0 });
    });
    model = await startModelServer(answers);
    const client = new PandaProbe({
      apiKey: "sk_pp_test",
      projectName: "my-agent",
      endpoint: server.endpoint,
    });
    processor = new PandaProbeTracingProcessor({ client });
    // The library traces nothing in tests by default.
    setTracingDisabled(false);
    setTraceProcessors([processor]);
  });
  beforeEach(() => {
    traces.length = 0;
    answers.length = 0;
  });
  afterAll(async () => {
    setTracingDisabled(true);
    await server[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
  });

  const runner = (config: ConstructorParameters<typeof Runner>[0] = {}, useResponses = true) =>
    new Runner({
      modelProvider: new OpenAIProvider({ apiKey: "a", baseURL: `${model.endpoint}/v1`, useResponses }),
      ...config,
    });
  const sent = async () => {
    await processor.forceFlush();
    return traces;
  };
  const spansOf = (trace: TraceCreate | undefined) =>
    (trace?.spans ?? []).map(({ kind, name, status }) => `${kind} ${name} ${status}`);

  it.each([
    ["Responses", true],
    ["Chat Completions", false],
  ])("sends what an agent did with the %s API", async (_, useResponses) => {
    answers.push(callFor("Oslo"), { text: "Yes." });
    const settings = { workflowName: "support", groupId: "chat-1" };
    const traceMetadata = { user_id: "u-1", plan: "pro" };
    await runner({ ...settings, traceMetadata }, useResponses).run(agent, question);
    const [trace, ...others] = await sent();
    expect(others).toEqual([]);
    const system = { role: "system", content: "Be brief." };
    const user = { role: "user", content: question };
    expect(trace).toMatchObject({
      name: "support",
      status: "COMPLETED",
      session_id: "chat-1",
      user_id: "u-1",
      metadata: { plan: "pro" },
      input: { messages: [system, user] },
      output: { role: "assistant", content: "Yes." },
    });
    const call = useResponses ? "response" : "generation";
    expect(spansOf(trace)).toEqual([
      "OTHER support UNSET",
      "CHAIN support UNSET",
      "AGENT weather-agent UNSET",
      "CHAIN turn 1 UNSET",
      `LLM ${call} UNSET`,
      "TOOL get_weather UNSET",
      "CHAIN turn 2 UNSET",
      `LLM ${call} UNSET`,
    ]);
    const [root, task, , turn, first, weather, , second] = trace?.spans ?? [];
    expect(task?.parent_span_id).toBe(root?.span_id);
    expect(weather?.parent_span_id).toBe(turn?.span_id);
    expect(weather).toMatchObject({ input: { city: "Oslo" }, output: { sky: "rain" } });
    expect(first).toMatchObject({
      model: "gpt-5.4-mini-2026",
      model_parameters: { temperature: 0.5 },
      token_usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25, cache_read_tokens: 8 },
      input: { messages: [system, user] },
      output: { role: "assistant", content: null, tool_calls: [{ function: { name: "get_weather" } }] },
    });
    expect(second?.input).toMatchObject({
      messages: [system, user, first?.output, { role: "tool", tool_call_id: "call_get_weather" }],
    });
  });

  it("makes turns of a conversation a session, even if streamed", async () => {
    answers.push({ text: "Yes." }, { text: "You're welcome." });
    const talk = runner({ groupId: "chat-2" });
    const first = await talk.run(agent, question);
    const thanks = [...first.history, { role: "user" as const, content: "Thanks." }];
    const second = await talk.run(agent, thanks, { stream: true });
    await second.completed;
    const asked = [
      { role: "system", content: "Be brief." },
      { role: "user", content: question },
      { role: "assistant", content: "Yes." },
      { role: "user", content: "Thanks." },
    ];
    // The library ends the trace of a streamed run some time after the stream.
    await vi.waitFor(async () => expect((await sent()).at(-1)?.ended_at).toBeDefined());
    const [told, ...pieces] = traces;
    expect(told).toMatchObject({ session_id: "chat-2", output: { content: "Yes." } });
    expect(Object.assign({}, ...pieces)).toMatchObject({
      session_id: "chat-2",
      status: "COMPLETED",
      input: { messages: asked },
      output: { content: "You're welcome." },
    });
  });

  it("records the error of a tool that the agent survives", async () => {
    answers.push(callFor("Atlantis"), { text: "There is no such city." });
    await runner().run(agent, "Is it raining in Atlantis?");
    const [trace] = await sent();
    expect(trace?.status).toBe("COMPLETED");
    expect(trace?.spans?.find(({ kind }) => kind === "TOOL")).toMatchObject({
      status: "ERROR",
      error: expect.stringContaining("No such city."),
      output: "Failed: No such city.",
    });
  });

  it("fails the trace of a run that throws, which the library never ends", async () => {
    answers.push({ failure: 400 });
    await expect(runner({ groupId: "chat-3" }).run(agent, question)).rejects.toThrow("The model is down.");
    const [trace] = await sent();
    expect(trace).toMatchObject({ name: "Agent workflow", status: "ERROR", session_id: "chat-3" });
    expect(trace?.ended_at).toBeDefined();
    const failed = trace?.spans?.find(({ kind }) => kind === "LLM");
    expect(failed).toMatchObject({ status: "ERROR", error: expect.stringContaining("The model is down.") });
  });

  it("completes a trace that continues after a failure", async () => {
    answers.push({ failure: 400 }, { text: "Yes." });
    await withTrace("ask twice", async () => {
      await expect(runner().run(agent, question)).rejects.toThrow();
      await runner().run(agent, question);
    });
    const [failed, completed] = await sent();
    expect(failed).toMatchObject({ name: "ask twice", status: "ERROR" });
    expect(completed).toMatchObject({
      trace_id: failed?.trace_id,
      name: "ask twice",
      status: "COMPLETED",
      output: { content: "Yes." },
    });
    expect((completed?.ended_at ?? "") > (failed?.ended_at ?? "")).toBe(true);
  });

  it("sends handoffs, guardrails and own steps", async () => {
    answers.push({ call: { name: "transfer_to_weather_agent", arguments: "{}" } }, { text: "Yes." });
    const desk = new Agent({
      name: "desk",
      model: "gpt-5.4-mini",
      handoffs: [handoff(agent, { toolNameOverride: "transfer_to_weather_agent" })],
      inputGuardrails: [
        { name: "polite", execute: async () => ({ tripwireTriggered: false, outputInfo: {} }) },
      ],
    });
    await withTrace("desk", async () => {
      await withCustomSpan(async () => runner().run(desk, question), {
        data: { name: "answer", data: { channel: "mail" } },
      });
    });
    const [trace] = await sent();
    expect(spansOf(trace)).toEqual(
      expect.arrayContaining([
        "OTHER answer UNSET",
        "OTHER polite UNSET",
        "OTHER handoff to weather-agent UNSET",
        "AGENT desk UNSET",
        "AGENT weather-agent UNSET",
      ]),
    );
    const metadata = (name: string) => trace?.spans?.find((span) => span.name === name)?.metadata;
    expect(metadata("answer")).toEqual({ channel: "mail" });
    expect(metadata("polite")).toEqual({ triggered: false });
    expect(metadata("handoff to weather-agent")).toEqual({ from_agent: "desk", to_agent: "weather-agent" });
  });

  it("reads the items that models of other providers record", async () => {
    const image = "https://example.com/sky.png";
    await withTrace("ask", () =>
      withGenerationSpan(async () => undefined, {
        data: {
          model: "any",
          input: [
            {
              role: "user",
              content: [
                { type: "input_text", text: question },
                { type: "input_image", image },
              ],
            },
            { type: "function_call", callId: "c1", name: "look", arguments: '{"at":"sky"}' },
            { type: "function_call_result", callId: "c1", output: { type: "text", text: "grey" } },
          ],
          output: [
            { type: "reasoning", content: [{ type: "input_text", text: "Grey may be rain." }] },
            { type: "web_search_call", id: "w1", status: "completed", action: { query: "Oslo" } },
            {
              type: "message",
              role: "assistant",
              content: [
                { type: "output_text", text: "Yes." },
                { type: "refusal", refusal: "No more." },
              ],
            },
          ],
          usage: { input_tokens: 3, output_tokens: 4 },
        },
      }),
    );
    const [trace] = await sent();
    expect(trace?.spans?.[1]).toMatchObject({
      token_usage: { prompt_tokens: 3, completion_tokens: 4 },
      input: {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: question },
              { type: "image_url", image_url: { url: image } },
            ],
          },
          {
            role: "assistant",
            tool_calls: [{ id: "c1", function: { name: "look", arguments: { at: "sky" } } }],
          },
          { role: "tool", tool_call_id: "c1", content: "grey" },
        ],
      },
      output: {
        role: "assistant",
        content: "Yes.\nNo more.",
        reasoning: "Grey may be rain.",
        tool_calls: [{ id: "w1", function: { name: "web_search" } }],
      },
    });
  });

  it("leaves out recorded sound", async () => {
    await withTrace("listen", async () => {
      const input = { data: "U09VTkQ=", format: "pcm" };
      const span = createTranscriptionSpan({ data: { input, output: question, model: "whisper" } });
      span.start();
      span.end();
    });
    const [trace] = await sent();
    expect(trace?.spans?.[1]).toMatchObject({ input: { format: "pcm" }, output: question, kind: "OTHER" });
    expect(JSON.stringify(trace)).not.toContain("U09VTkQ=");
  });

  it("sends a long trace in pieces before it ends", async () => {
    await withTrace("long", async () => {
      for (let step = 0; step < 250; step += 1) {
        await withCustomSpan(async () => undefined, { data: { name: `step ${step}`, data: {} } });
      }
      expect(await sent()).toMatchObject([{ status: "RUNNING" }, { status: "RUNNING" }]);
    });
    const pieces = await sent();
    expect(new Set(pieces.map(({ trace_id }) => trace_id)).size).toBe(1);
    expect(pieces.at(-1)).toMatchObject({ name: "long", status: "COMPLETED" });
    const names = pieces.flatMap(({ spans }) => spans?.map(({ name }) => name) ?? []);
    expect(names).toEqual([...Array.from({ length: 250 }, (__, step) => `step ${step}`), "long"]);
  });

  it("gives each trace its id as a UUID, and another id a UUID of its own", async () => {
    await withTrace("a", async () => undefined, { traceId: "trace_4bf92f3577b34da6a3ce929d0e0e4736" });
    await withTrace("b", async () => undefined, { traceId: "trace_mine" });
    const [first, second] = await sent();
    expect(first?.trace_id).toBe("4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
    expect(second?.trace_id).toBe(toTraceId("trace_mine"));
    // The published test vector of FNV-1a for "foobar".
    expect(toTraceId("foobar")).toBe("343e1662-793c-64bf-6f0d-3597ba446f18");
  });
});
