import { trace as otelTrace, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { TraceCreate } from "@pandaprobe/contract";
import type { SpanCreate } from "@pandaprobe/sdk";
import { type KnownTrace, type OtelSpan, toSpanId, toTraceId, toTraces } from "@pandaprobe/sdk/otel";
import { describe, expect, it } from "vitest";
import { at, Recording } from "./recorded-spans.ts";

/** Converts a span with these attributes. */
function converted(
  attributes: Parameters<Recording["span"]>[1],
  options?: Parameters<Recording["span"]>[2],
): SpanCreate {
  const recording = new Recording();
  recording.span("a span", attributes, options);
  const [trace] = toTraces(recording.spans);
  const [span] = TraceCreate.parse(JSON.parse(JSON.stringify(trace))).spans ?? [];
  if (span === undefined) throw new Error("There must be a span.");
  return span;
}

const question = [{ role: "user", parts: [{ type: "text", content: "Weather in Paris?" }] }];
const call = { type: "tool_call", id: "call_1", name: "get_weather", arguments: { city: "Paris" } };
const toolCall = {
  id: "call_1",
  type: "function",
  function: { name: "get_weather", arguments: { city: "Paris" } },
};

describe("a span", () => {
  it("keeps its ids, its place, its times and its name", () => {
    const recording = new Recording();
    const root = recording.span("root", {}, { stays: true });
    const child = recording.span("child", {}, { under: root, startMs: 250, endMs: 1_500 });
    root.end(at(2_000));
    const [trace] = toTraces(recording.spans);
    const { traceId, spanId } = root.spanContext();
    expect(trace?.trace_id?.replaceAll("-", "")).toBe(traceId);
    expect(trace).toMatchObject({
      trace_id: toTraceId(traceId),
      name: "root",
      status: "COMPLETED",
      started_at: "2026-03-29T10:00:00.000Z",
      ended_at: "2026-03-29T10:00:02.000Z",
      spans: [
        { span_id: toSpanId(spanId), parent_span_id: null, name: "root", kind: "OTHER", status: "UNSET" },
        {
          span_id: toSpanId(child.spanContext().spanId),
          parent_span_id: toSpanId(spanId),
          name: "child",
          started_at: "2026-03-29T10:00:00.250Z",
          ended_at: "2026-03-29T10:00:01.500Z",
        },
      ],
    });
    expect(toSpanId("00f067aa0ba902b7")).toBe("00000000-0000-0000-00f0-67aa0ba902b7");
  });

  it.each([
    ["gen_ai.operation.name", "chat", "LLM"],
    ["gen_ai.operation.name", "text_completion", "LLM"],
    ["gen_ai.operation.name", "generate_content", "LLM"],
    ["gen_ai.operation.name", "embeddings", "EMBEDDING"],
    ["gen_ai.operation.name", "execute_tool", "TOOL"],
    ["gen_ai.operation.name", "invoke_agent", "AGENT"],
    ["gen_ai.operation.name", "create_agent", "AGENT"],
    ["gen_ai.operation.name", "invoke_workflow", "CHAIN"],
    ["gen_ai.operation.name", "plan", "CHAIN"],
    ["gen_ai.operation.name", "retrieval", "RETRIEVER"],
    ["gen_ai.operation.name", "search_memory", "RETRIEVER"],
    ["openinference.span.kind", "LLM", "LLM"],
    ["openinference.span.kind", "RERANKER", "RETRIEVER"],
    ["openinference.span.kind", "GUARDRAIL", "OTHER"],
    ["traceloop.span.kind", "workflow", "CHAIN"],
    ["traceloop.span.kind", "tool", "TOOL"],
    ["llm.request.type", "embedding", "EMBEDDING"],
    ["ai.operationId", "ai.generateText.doGenerate", "LLM"],
    ["ai.operationId", "ai.toolCall", "TOOL"],
    ["gen_ai.request.model", "gpt-5.4", "LLM"],
    ["http.request.method", "GET", "OTHER"],
  ])("with %s = %s is of kind %s", (name, value, kind) => {
    expect(converted({ [name]: value }).kind).toBe(kind);
  });

  it("of a model call, by the current conventions", () => {
    const tools = [{ type: "function", name: "get_weather", parameters: { type: "object" } }];
    const span = converted({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5.4",
      "gen_ai.response.model": "gpt-5.4-2026-01-01",
      "gen_ai.request.temperature": 0.2,
      "gen_ai.request.max_tokens": 100,
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.output_tokens": 12,
      "gen_ai.usage.cache_read.input_tokens": 64,
      "gen_ai.response.time_to_first_chunk": 0.25,
      "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Be brief." }]),
      "gen_ai.input.messages": JSON.stringify([
        ...question,
        { role: "assistant", parts: [{ type: "reasoning", content: "Look it up." }, call] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: { sky: "rainy" } }] },
      ]),
      "gen_ai.output.messages": JSON.stringify([
        { role: "assistant", parts: [{ type: "text", content: "It rains." }], finish_reason: "stop" },
      ]),
      "gen_ai.tool.definitions": JSON.stringify(tools),
      "gen_ai.response.finish_reasons": ["stop"],
    });
    expect(span).toMatchObject({
      kind: "LLM",
      model: "gpt-5.4-2026-01-01",
      token_usage: { prompt_tokens: 120, completion_tokens: 12, cache_read_tokens: 64 },
      model_parameters: { model: "gpt-5.4", temperature: 0.2, max_tokens: 100, tools },
      completion_start_time: "2026-03-29T10:00:00.250Z",
      input: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Weather in Paris?" },
          { role: "assistant", content: null, reasoning: "Look it up.", tool_calls: [toolCall] },
          { role: "tool", tool_call_id: "call_1", content: { sky: "rainy" } },
        ],
      },
      output: { role: "assistant", content: "It rains.", finish_reason: "stop" },
    });
    expect(span.metadata).toEqual({
      "gen_ai.provider.name": "openai",
      "gen_ai.response.finish_reasons": ["stop"],
    });
  });

  it("of a model call with structured messages that have other parts than text", () => {
    const picture = { type: "uri", modality: "image", uri: "https://example.com/a.png" };
    const [trace] = toTraces([
      {
        name: "chat",
        spanContext: () => ({ traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" }),
        startTime: [1_774_778_400, 0],
        endTime: [1_774_778_401, 0],
        status: { code: 0 },
        events: [],
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.input.messages": [
            { role: "user", parts: [{ type: "text", content: "What is it?" }, picture] },
          ],
          "gen_ai.output.messages": [
            { role: "assistant", parts: [{ type: "text", content: "A panda." }] },
            { role: "assistant", parts: [{ type: "text", content: "A bear." }] },
          ],
        },
      },
    ]);
    expect(trace).toMatchObject({
      input: { messages: [{ role: "user", content: [{ type: "text", text: "What is it?" }, picture] }] },
      output: { messages: [{ content: "A panda." }, { content: "A bear." }] },
    });
  });

  it("of a model call, by the earlier conventions: events and the old names", () => {
    const span = converted(
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 5,
        "gen_ai.usage.completion_tokens": 7,
      },
      {
        during: (open) => {
          open.addEvent("gen_ai.system.message", { content: "Be brief." });
          open.addEvent("gen_ai.user.message", { content: "Weather in Paris?" });
          open.addEvent("gen_ai.choice", {
            index: 0,
            finish_reason: "tool_calls",
            message: JSON.stringify({ tool_calls: [toolCall] }),
          });
          open.addEvent("cache.miss", { key: "a" }, at(100));
        },
      },
    );
    expect(span).toMatchObject({
      model: "gpt-4o",
      token_usage: { prompt_tokens: 5, completion_tokens: 7 },
      input: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Weather in Paris?" },
        ],
      },
      output: { role: "assistant", content: null, finish_reason: "tool_calls", tool_calls: [toolCall] },
    });
    expect(span.metadata).toEqual({
      events: [{ name: "cache.miss", time: "2026-03-29T10:00:00.100Z", attributes: { key: "a" } }],
    });
  });

  it.each([
    [
      "prompts and completions in one event each",
      (open: Parameters<NonNullable<Parameters<Recording["span"]>[2]>["during"] & object>[0]) => {
        open.addEvent("gen_ai.content.prompt", {
          "gen_ai.prompt": JSON.stringify([{ role: "user", content: "Hi" }]),
        });
        open.addEvent("gen_ai.content.completion", {
          "gen_ai.completion": JSON.stringify([{ role: "assistant", content: "Ho" }]),
        });
      },
    ],
    [
      "details of the operation in one event",
      (open: Parameters<NonNullable<Parameters<Recording["span"]>[2]>["during"] & object>[0]) => {
        open.addEvent("gen_ai.client.inference.operation.details", {
          "gen_ai.input.messages": JSON.stringify([
            { role: "user", parts: [{ type: "text", content: "Hi" }] },
          ]),
          "gen_ai.output.messages": JSON.stringify([
            { role: "assistant", parts: [{ type: "text", content: "Ho" }] },
          ]),
        });
      },
    ],
  ])("reads %s", (_what, during) => {
    expect(converted({ "gen_ai.operation.name": "chat" }, { during })).toMatchObject({
      input: { messages: [{ role: "user", content: "Hi" }] },
      output: { role: "assistant", content: "Ho" },
      metadata: {},
    });
  });

  it("of a tool, by its own name, with its arguments and its result", () => {
    const span = converted({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "get_weather",
      "gen_ai.tool.call.id": "call_1",
      "gen_ai.tool.call.arguments": '{"city":"Paris"}',
      "gen_ai.tool.call.result": '{"sky":"rainy"}',
    });
    expect(span).toMatchObject({
      kind: "TOOL",
      name: "get_weather",
      input: { city: "Paris" },
      output: { sky: "rainy" },
      metadata: { "gen_ai.tool.call.id": "call_1" },
    });
  });

  it("of an agent, whose tokens are counted in its model calls, not again here", () => {
    const span = converted({ "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 500 });
    expect(span).not.toHaveProperty("token_usage");
    expect(span.metadata).toEqual({ "gen_ai.usage.input_tokens": 500 });
  });

  it("of a search in memory, with what was found", () => {
    const records = [{ id: "mem_1", content: "Prefers trains.", score: 0.9 }];
    const span = converted({
      "gen_ai.operation.name": "search_memory",
      "gen_ai.memory.query.text": "how they travel",
      "gen_ai.memory.records": JSON.stringify(records),
    });
    expect(span).toMatchObject({ input: "how they travel", output: records, metadata: {} });
  });

  it("of OpenInference, flattened", () => {
    const span = converted({
      "openinference.span.kind": "LLM",
      "llm.model_name": "gpt-5.4",
      "llm.invocation_parameters": '{"temperature":0.1}',
      "llm.token_count.prompt": 3,
      "llm.token_count.completion": 4,
      "llm.token_count.total": 7,
      "llm.cost.total": 0.002,
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": "Weather in Paris?",
      "llm.output_messages.0.message.role": "assistant",
      "llm.output_messages.0.message.tool_calls.0.tool_call.id": "call_1",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "get_weather",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"city":"Paris"}',
      "llm.tools.0.tool.json_schema": '{"type":"function","function":{"name":"get_weather"}}',
      "input.value": "the same as text",
      "input.mime_type": "text/plain",
      "output.value": "the same as text",
      "session.id": "support/4711",
      "user.id": "u-1",
    });
    expect(span).toMatchObject({
      kind: "LLM",
      model: "gpt-5.4",
      token_usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
      cost: { total: 0.002 },
      model_parameters: {
        temperature: 0.1,
        tools: [{ type: "function", function: { name: "get_weather" } }],
      },
      input: { messages: [{ role: "user", content: "Weather in Paris?" }] },
      output: {
        role: "assistant",
        content: null,
        tool_calls: [{ ...toolCall, function: { name: "get_weather", arguments: '{"city":"Paris"}' } }],
      },
    });
    expect(span.metadata).toEqual({});
  });

  it("of OpenInference's retrievers, with the documents", () => {
    const span = converted({
      "openinference.span.kind": "RETRIEVER",
      "input.value": "heat pumps",
      "retrieval.documents.0.document.content": "A heat pump …",
      "retrieval.documents.0.document.score": 0.9,
      "retrieval.documents.1.document.content": "Pumps …",
    });
    expect(span).toMatchObject({
      kind: "RETRIEVER",
      input: "heat pumps",
      output: [{ content: "A heat pump …", score: 0.9 }, { content: "Pumps …" }],
    });
  });

  it("of OpenLLMetry, flattened", () => {
    const span = converted({
      "llm.request.type": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.prompt.name": "forecast",
      "gen_ai.prompt.0.role": "user",
      "gen_ai.prompt.0.content": "Weather in Paris?",
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.finish_reason": "tool_calls",
      "gen_ai.completion.0.tool_calls.0.id": "call_1",
      "gen_ai.completion.0.tool_calls.0.name": "get_weather",
      "gen_ai.completion.0.tool_calls.0.arguments": '{"city":"Paris"}',
      "llm.request.functions.0.name": "get_weather",
      "llm.request.functions.0.parameters": '{"type":"object"}',
      "llm.usage.total_tokens": 9,
    });
    expect(span).toMatchObject({
      input: { messages: [{ role: "user", content: "Weather in Paris?" }] },
      output: {
        role: "assistant",
        tool_calls: [{ id: "call_1", function: { name: "get_weather", arguments: { city: "Paris" } } }],
      },
      model_parameters: { tools: [{ name: "get_weather", parameters: { type: "object" } }] },
      token_usage: { total_tokens: 9 },
      metadata: { "gen_ai.prompt.name": "forecast" },
    });
  });

  it("of OpenLLMetry's workflows and tools", () => {
    const span = converted({
      "traceloop.span.kind": "tool",
      "traceloop.entity.name": "get_weather",
      "traceloop.entity.input": '{"city":"Paris"}',
      "traceloop.entity.output": '"rainy"',
    });
    expect(span).toMatchObject({
      kind: "TOOL",
      name: "get_weather",
      input: { city: "Paris" },
      output: "rainy",
    });
  });

  it("of the AI SDK", () => {
    const span = converted({
      "ai.operationId": "ai.streamText.doStream",
      "ai.model.id": "gpt-5.4",
      "ai.prompt.messages": JSON.stringify([{ role: "user", content: [{ type: "text", text: "Hi" }] }]),
      "ai.prompt.tools": ['{"type":"function","name":"get_weather"}'],
      "ai.request.headers.authorization": "Bearer secret",
      "ai.response.text": "Ho",
      "ai.response.reasoning": "They greet.",
      "ai.response.toolCalls": JSON.stringify([
        { toolCallId: "call_1", toolName: "get_weather", input: { city: "Paris" } },
      ]),
      "ai.response.msToFirstChunk": 120,
      "ai.usage.promptTokens": 5,
      "ai.usage.completionTokens": 6,
      "ai.settings.retries": 2,
    });
    expect(span).toMatchObject({
      kind: "LLM",
      model: "gpt-5.4",
      completion_start_time: "2026-03-29T10:00:00.120Z",
      token_usage: { prompt_tokens: 5, completion_tokens: 6 },
      model_parameters: { retries: 2, tools: [{ type: "function", name: "get_weather" }] },
      input: { messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }] },
      output: { role: "assistant", content: "Ho", reasoning: "They greet.", tool_calls: [toolCall] },
    });
    expect(span.metadata).toEqual({});
  });

  it("of the AI SDK sets fields of the trace by its telemetry metadata", () => {
    const recording = new Recording();
    recording.span("ai.generateText", {
      "ai.telemetry.metadata.sessionId": "s-1",
      "ai.telemetry.metadata.userId": "u-1",
      "ai.telemetry.metadata.tags": ["beta", "eu"],
    });
    expect(toTraces(recording.spans)).toMatchObject([
      { session_id: "s-1", user_id: "u-1", tags: ["beta", "eu"] },
    ]);
  });

  it("has its error: the exception, or the status message", () => {
    const failing = converted(
      {},
      {
        during: (open) => {
          open.recordException(new TypeError("No city."));
          open.setStatus({ code: SpanStatusCode.ERROR, message: "failed" });
        },
      },
    );
    expect(failing).toMatchObject({ status: "ERROR", error: "TypeError: No city." });
    expect(failing.metadata).toMatchObject({ events: [{ name: "exception" }] });
    const silent = converted(
      {},
      { during: (open) => open.setStatus({ code: SpanStatusCode.ERROR, message: "failed" }) },
    );
    expect(silent).toMatchObject({ status: "ERROR", error: "failed" });
    const typed = converted(
      { "error.type": "rate_limit_exceeded" },
      { during: (open) => open.setStatus({ code: SpanStatusCode.ERROR }) },
    );
    expect(typed).toMatchObject({
      error: "rate_limit_exceeded",
      metadata: { "error.type": "rate_limit_exceeded" },
    });
    expect(converted({}, { during: (open) => open.setStatus({ code: SpanStatusCode.OK }) }).status).toBe(
      "OK",
    );
  });

  it("with hostile values is still accepted by the server", () => {
    const span = converted({
      "gen_ai.operation.name": "constructor",
      "gen_ai.usage.input_tokens": Number.NaN,
      "gen_ai.response.time_to_first_chunk": 1e300,
      "llm.cost.total": Number.POSITIVE_INFINITY,
      "gen_ai.input.messages": "[{ cut by a limit",
      "gen_ai.prompt.__proto__.polluted": "yes",
      "llm.input_messages.0": "not a message",
      "llm.input_messages.0.message.role": "user",
      "gen_ai.output.messages": "[null, 7, {}]",
      "gen_ai.request.model": "m".repeat(300),
      "session.id": "s".repeat(300),
    });
    expect(span.kind).toBe("LLM");
    expect(span.model).toHaveLength(255);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("a trace", () => {
  const resource = {
    "service.name": "weather",
    "service.version": "2.3.0",
    "deployment.environment.name": "production",
    "process.command_args": ["--secret=a"],
  };

  it("takes its fields from its root and resource", () => {
    const recording = new Recording(resource);
    const root = recording.span(
      "invoke_agent weather",
      {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.input.messages": JSON.stringify(question),
        "gen_ai.output.messages": JSON.stringify([
          { role: "assistant", parts: [{ type: "text", content: "Rain." }] },
        ]),
        "enduser.id": "u-1",
        tier: "gold",
      },
      { stays: true },
    );
    recording.span(
      "chat",
      { "gen_ai.operation.name": "chat", "gen_ai.conversation.id": "c-1" },
      { under: root },
    );
    root.end(at(2_000));
    const [trace, ...more] = toTraces(recording.spans);
    expect(more).toEqual([]);
    expect(trace).toMatchObject({
      name: "invoke_agent weather",
      status: "COMPLETED",
      input: { messages: [{ role: "user", content: "Weather in Paris?" }] },
      output: { role: "assistant", content: "Rain." },
      session_id: "c-1",
      user_id: "u-1",
      environment: "production",
      release: "2.3.0",
    });
    expect(trace?.metadata).toEqual({ tier: "gold", "service.name": "weather", "service.version": "2.3.0" });
    expect(trace?.spans?.map(({ name }) => name)).toEqual(["invoke_agent weather", "chat"]);
  });

  it("whose root is only an HTTP request takes the input and output of the agent inside", () => {
    const recording = new Recording();
    const root = recording.span("POST /ask", { "http.request.method": "POST" }, { stays: true });
    recording.span(
      "chat",
      { "gen_ai.operation.name": "chat", "input.value": "first", "output.value": "a call" },
      { under: root, startMs: 10, endMs: 20 },
    );
    recording.span(
      "chat",
      { "gen_ai.operation.name": "chat", "input.value": "second", "output.value": "last" },
      { under: root, startMs: 30, endMs: 40 },
    );
    root.end(at(50));
    expect(toTraces(recording.spans)).toMatchObject([{ name: "POST /ask", input: "first", output: "last" }]);
  });

  it("fails if its root failed, but not if only a step did", () => {
    const recording = new Recording();
    const fails = (open: { setStatus(status: { code: SpanStatusCode }): unknown }) =>
      open.setStatus({ code: SpanStatusCode.ERROR });
    const good = recording.span("good", {}, { stays: true });
    recording.span("step", {}, { under: good, during: fails });
    good.end();
    recording.span("bad", {}, { during: fails });
    const statuses = toTraces(recording.spans).map(({ name, status }) => [name, status]);
    expect(statuses).toEqual([
      ["good", "COMPLETED"],
      ["bad", "ERROR"],
    ]);
  });

  it("can arrive in pieces: RUNNING until its root arrives, and later pieces do not undo that", () => {
    const recording = new Recording(resource);
    const known = new Map<string, KnownTrace>();
    const root = recording.span("root", { "input.value": "asked" }, { stays: true });
    recording.span("first step", {}, { under: root, startMs: 300 });
    const [early] = toTraces(recording.spans, { known });
    expect(early).toMatchObject({ name: "first step", status: "RUNNING", started_at: at(300).toISOString() });

    recording.span("second step", {}, { under: root, startMs: 200 });
    const [second] = toTraces(recording.spans.slice(1), { known });
    expect(second).toMatchObject({
      name: "second step",
      status: "RUNNING",
      started_at: at(200).toISOString(),
    });

    root.end(at(5_000));
    const [whole] = toTraces(recording.spans.slice(2), { known });
    expect(whole).toMatchObject({
      name: "root",
      status: "COMPLETED",
      input: "asked",
      started_at: at(0).toISOString(),
    });

    recording.span("late step", {}, { under: root, startMs: 6_000 });
    const [late] = toTraces(recording.spans.slice(3), { known });
    expect(late).toMatchObject({ trace_id: whole?.trace_id, name: "root", started_at: at(0).toISOString() });
    for (const field of ["status", "input", "output", "metadata", "ended_at"])
      expect(late).not.toHaveProperty(field);
  });

  it("that was started elsewhere takes its fields from the first span here", () => {
    const recording = new Recording();
    const caller = otelTrace.wrapSpanContext({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
    const entry = recording.span("entry", { "input.value": "asked" }, { under: caller, stays: true });
    recording.span("step", {}, { under: entry, startMs: 1 });
    entry.end(at(10));
    expect(toTraces(recording.spans)).toMatchObject([
      {
        name: "entry",
        status: "COMPLETED",
        spans: [{ parent_span_id: toSpanId("00f067aa0ba902b7") }, { name: "step" }],
      },
    ]);
  });

  it("of more than 500 spans is split into several, none too large", () => {
    const recording = new Recording();
    const root = recording.span("root", {}, { stays: true });
    for (let index = 0; index < 1_100; index += 1)
      recording.span(`step ${index}`, {}, { under: root, startMs: index });
    root.end(at(2_000));
    const traces = toTraces(recording.spans);
    expect(traces.map(({ spans }) => spans?.length)).toEqual([500, 500, 101]);
    expect(
      new Set(traces.map(({ trace_id, name, started_at }) => `${trace_id} ${name} ${started_at}`)).size,
    ).toBe(1);
    expect(traces.map(({ status }) => status)).toEqual(["COMPLETED", undefined, undefined]);
  });

  it("takes only the trace's fields from a root that is filtered out", () => {
    const recording = new Recording(resource);
    const root = recording.span("POST /ask", { "http.request.header.cookie": "a=b" }, { stays: true });
    recording.span(
      "chat",
      { "gen_ai.operation.name": "chat", "input.value": "asked", "output.value": "answered" },
      { under: root, startMs: 10 },
    );
    root.end(at(2_000));
    recording.span("GET /health");
    const filter = ({ attributes }: OtelSpan) => "gen_ai.operation.name" in attributes;
    const known = new Map<string, KnownTrace>();
    const traces = toTraces(recording.spans, { filter, known });
    expect(traces).toMatchObject([
      {
        name: "POST /ask",
        status: "COMPLETED",
        started_at: at(0).toISOString(),
        ended_at: at(2_000).toISOString(),
        input: "asked",
        output: "answered",
        metadata: { "service.name": "weather", "service.version": "2.3.0" },
        spans: [{ name: "chat" }],
      },
    ]);
    expect(JSON.stringify(traces)).not.toContain("cookie");
    expect(known.size).toBe(1);
  });

  it("is completed by a later root that is filtered out", () => {
    const recording = new Recording();
    const root = recording.span("POST /ask", {}, { stays: true });
    recording.span("chat", { "gen_ai.operation.name": "chat" }, { under: root });
    root.end(at(2_000));
    const options = {
      filter: ({ attributes }: OtelSpan) => "gen_ai.operation.name" in attributes,
      known: new Map<string, KnownTrace>(),
    };
    const [chat, later] = recording.spans.map((span) => toTraces([span], options));
    expect(chat).toMatchObject([{ name: "chat", status: "RUNNING" }]);
    expect(later).toMatchObject([{ name: "POST /ask", status: "COMPLETED", spans: [] }]);
  });

  it("leaves out a span that cannot be read", () => {
    const recording = new Recording();
    recording.span("good");
    const [good] = recording.spans;
    const bad = { ...good, name: "bad", startTime: [Number.NaN, 0], spanContext: () => good?.spanContext() };
    const errors: unknown[] = [];
    const spans = [bad, good] as OtelSpan[];
    const traces = toTraces(spans, { onError: (error, { name }) => errors.push([name, error]) });
    expect(traces).toMatchObject([{ name: "good", spans: [{ name: "good" }] }]);
    expect(errors).toEqual([["bad", expect.any(RangeError)]]);
    expect(() => toTraces(spans)).toThrow(RangeError);
  });
});
