import type { Attributes } from "@opentelemetry/api";
import { SpanStatusCode } from "@opentelemetry/api";
import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";
import { type OtelSpan, toTraces } from "@pandaprobe/sdk/otel";
import { describe, expect, it } from "vitest";
import { at, Recording } from "./recorded-spans.ts";

function traceOf(attributes: Attributes, name = "root"): TraceCreate {
  const recording = new Recording();
  recording.span(name, attributes);
  return theTrace(recording.spans);
}

function theTrace(spans: readonly OtelSpan[]): TraceCreate {
  const [trace, ...others] = toTraces(spans);
  if (trace === undefined || others.length > 0) throw new Error("There must be one trace.");
  return trace;
}

function spanOf(attributes: Attributes, name?: string): SpanCreate {
  const [span] = traceOf(attributes, name).spans ?? [];
  if (span === undefined) throw new Error("There must be a span.");
  return span;
}

const asked = (content: string) => [{ role: "user", content }];

describe("the input and output of a trace", () => {
  it("are filled from the steps independently of each other", () => {
    const recording = new Recording();
    const root = recording.span("root", { "input.value": "asked" }, { stays: true });
    recording.span("chat", { "gen_ai.operation.name": "chat", "output.value": "answered" }, { under: root });
    root.end(at(5_000));
    expect(theTrace(recording.spans)).toMatchObject({ input: "asked", output: "answered" });
  });

  it("are those of a Mastra agent, whose instructions come first", () => {
    const input = JSON.stringify(asked("Weather in Paris?"));
    const output = JSON.stringify({ text: "It rains.", files: [], reasoning: [] });
    const trace = traceOf({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "support-agent",
      "gen_ai.system_instructions": "Be brief.",
      "mastra.span.type": "agent_run",
      "mastra.agent_run.input": input,
      "mastra.agent_run.output": output,
      "mastra.metadata.sessionId": "s-1",
      "mastra.metadata.userId": 42,
      "mastra.tags": '["beta"]',
    });
    expect(trace).toMatchObject({
      name: "support-agent",
      session_id: "s-1",
      user_id: "42",
      tags: ["beta"],
      input: { messages: [{ role: "system", content: "Be brief." }, ...asked("Weather in Paris?")] },
      output: { role: "assistant", content: "It rains." },
    });
  });

  it("are the turn of a LangGraph conversation, not its history", () => {
    const message = (type: string, content: string) => ({
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", type],
      kwargs: { content, additional_kwargs: {}, response_metadata: {}, id: "x" },
    });
    const history = [message("HumanMessage", "Weather in Paris?"), message("AIMessage", "It rains.")];
    const question = message("HumanMessage", "How do I get there?");
    const answer = message("AIMessageChunk", "Take the train.");
    const trace = traceOf({
      "openinference.span.kind": "CHAIN",
      "input.value": JSON.stringify({ messages: [...history, question] }),
      "input.mime_type": "application/json",
      "output.value": JSON.stringify({ messages: [...history, question, answer] }),
      "output.mime_type": "application/json",
      "session.id": "t-1",
      metadata: JSON.stringify({ user_id: 42, thread_id: "t-1" }),
    });
    expect(trace).toMatchObject({
      session_id: "t-1",
      user_id: "42",
      input: { messages: asked("How do I get there?") },
      output: { role: "assistant", content: "Take the train." },
    });
  });

  it("read the messages that a program passes to a graph as pairs", () => {
    const inputOf = (messages: unknown, field = "messages") =>
      traceOf({
        "openinference.span.kind": "CHAIN",
        "input.value": JSON.stringify({ [field]: messages }),
        "input.mime_type": "application/json",
      }).input;
    const answered = { type: "ai", content: "It rains." };
    expect(inputOf([["user", "Rain in Oslo?"]])).toEqual({ messages: asked("Rain in Oslo?") });
    expect(inputOf([["human", "Rain?"], answered, ["human", "And now?"]])).toEqual({
      messages: asked("And now?"),
    });
    const users = [["user", "Ann"]];
    expect(inputOf(users, "accounts")).toEqual({ accounts: users });
  });

  it("keep the calls of a LangGraph turn, in OpenAI's form", () => {
    const call = { id: "call_1", name: "get_weather", args: { city: "Paris" }, type: "tool_call" };
    const trace = traceOf({
      "openinference.span.kind": "CHAIN",
      "output.value": JSON.stringify({
        messages: [
          { type: "human", content: "Weather?" },
          { type: "ai", content: "", tool_calls: [call] },
          { type: "tool", content: "rainy", tool_call_id: "call_1", name: "get_weather" },
          { type: "ai", content: "It rains." },
        ],
      }),
    });
    const made = {
      id: "call_1",
      type: "function",
      function: { name: "get_weather", arguments: { city: "Paris" } },
    };
    expect(trace.output).toEqual({
      messages: [
        { role: "assistant", content: "", tool_calls: [made] },
        { role: "tool", content: "rainy", tool_call_id: "call_1", name: "get_weather" },
        { role: "assistant", content: "It rains." },
      ],
    });
  });

  it("lose the quotes of a text that is recorded as JSON, but no quotes of a plain text", () => {
    const said = '"No \\"if\\"."';
    expect(
      spanOf({ "input.value": said, "output.value": said, "output.mime_type": "text/plain" }),
    ).toMatchObject({
      input: 'No "if".',
      output: said,
    });
  });

  it("stay text where they nest deeper than 256 levels, whatever brackets their texts hold", () => {
    const input = (json: string) =>
      spanOf({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": json }).input;
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect(JSON.stringify(input(nested(256)))).toBe(nested(256));
    expect(input(nested(257))).toBe(nested(257));
    const bracket = '\\"'.concat("[".repeat(300));
    expect(input(`["${bracket}",${nested(255)}]`)).toHaveLength(2);
  });

  it("keep each digit of large integers", () => {
    const json = '{"order":725653563933458432,"price":0.1234567890123456,"at":"725653563933458432 \\" 1"}';
    expect(
      spanOf({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": json }).input,
    ).toEqual({
      order: "725653563933458432",
      price: 0.1234567890123456,
      at: '725653563933458432 " 1',
    });
  });
});

describe("the session, user and tags of a trace", () => {
  it("come from the AI SDK's runtime context, which is no parameter of the model", () => {
    const trace = traceOf({
      "gen_ai.operation.name": "invoke_agent",
      "ai.settings.context.sessionId": "s-1",
      "ai.settings.context.userId": "u-1",
      "ai.settings.context.tags": ["beta"],
      "ai.settings.context.plan": "gold",
      "ai.settings.maxRetries": 2,
    });
    expect(trace).toMatchObject({ session_id: "s-1", user_id: "u-1", tags: ["beta"] });
    const [span] = trace.spans ?? [];
    expect(span?.model_parameters).toEqual({ maxRetries: 2 });
    expect(span?.metadata).toEqual({ "ai.settings.context.plan": "gold" });
  });

  it.each([
    [
      { "user.id": 42, "session.id": 7, "tag.tags": "beta" },
      { user_id: "42", session_id: "7", tags: ["beta"] },
    ],
    [{ "tag.tags": '["beta",2]' }, { tags: ["beta", "2"] }],
    [
      { "langsmith.span.tags": "beta, eu", "langsmith.metadata.thread_id": "t" },
      { tags: ["beta", "eu"], session_id: "t" },
    ],
  ])("are texts, however they were recorded: %j", (attributes, fields) => {
    expect(traceOf(attributes)).toMatchObject(fields);
  });
});

describe("the name and status of a trace", () => {
  it.each([
    [{ "ai.operationId": "ai.generateText", "ai.telemetry.functionId": "support-agent" }, "ai.generateText"],
    [
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support-agent" },
      "invoke_agent gpt-5.4-mini",
    ],
  ])("name the agent: %j", (attributes, name) => {
    const trace = traceOf(attributes, name);
    expect(trace.name).toBe("support-agent");
    expect(trace.spans?.[0]?.name).toBe(name);
  });

  const fails = (open: { setStatus(status: { code: SpanStatusCode }): unknown }) =>
    open.setStatus({ code: SpanStatusCode.ERROR });
  const step = (kind: string) => ({ "gen_ai.operation.name": kind });

  it("show that the agent failed below an HTTP request that did not", () => {
    const recording = new Recording();
    const root = recording.span("POST /ask", { "http.request.method": "POST" }, { stays: true });
    const agent = recording.span("agent", step("invoke_agent"), { under: root, endMs: 900, during: fails });
    recording.span("chat", step("chat"), { under: agent, startMs: 10, endMs: 900 });
    root.end(at(1_000));
    expect(theTrace(recording.spans)).toMatchObject({ name: "POST /ask", status: "ERROR" });
  });

  it("forgive a model call that an agent, or a second agent, made up for", () => {
    const recording = new Recording();
    const root = recording.span("POST /ask", {}, { stays: true });
    recording.span("first", step("invoke_agent"), { under: root, endMs: 400, during: fails });
    const second = recording.span("second", step("invoke_agent"), { under: root, startMs: 500, endMs: 900 });
    recording.span("chat", step("chat"), { under: second, startMs: 600, endMs: 900, during: fails });
    root.end(at(1_000));
    expect(theTrace(recording.spans).status).toBe("COMPLETED");
  });

  it("are those of the earliest of two roots, whichever arrived first", () => {
    const recording = new Recording();
    const later = recording.span("later", { "input.value": "later" }, { startMs: 10, stays: true });
    later.end(at(20));
    const [span] = recording.spans;
    if (span === undefined) throw new Error("There must be a span.");
    const earlier = {
      ...span,
      name: "earlier",
      startTime: [span.startTime[0], span.startTime[1] - 1] as [number, number],
    };
    const copy = (of: OtelSpan, id: string): OtelSpan => ({
      ...of,
      attributes: of.attributes,
      spanContext: () => ({ traceId: span.spanContext().traceId, spanId: id }),
    });
    const both = [copy(span, "00000000000000aa"), copy(earlier, "00000000000000bb")];
    for (const spans of [both, both.toReversed()]) expect(theTrace(spans).name).toBe("earlier");
  });
});

describe("the times of a span", () => {
  const spanAt = (id: string, parent: string | undefined, start: number, end: number): OtelSpan => ({
    name: id,
    spanContext: () => ({ traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: id.padStart(16, "0") }),
    parentSpanId: parent?.padStart(16, "0"),
    startTime: [1_774_778_400, start],
    endTime: [1_774_778_400, end],
    status: { code: 0 },
    attributes: {},
    events: [],
  });

  it("keep nanoseconds, and order spans: by start, then parents first, then by end, then by id", () => {
    const spans = [
      spanAt("e", "b", 500, 900),
      spanAt("f", "b", 500, 900),
      spanAt("c", "a", 1, 700),
      spanAt("a", "b", 1, 900),
      spanAt("d", "a", 2, 3),
      spanAt("b", undefined, 1, 900),
    ];
    const trace = theTrace(spans);
    expect(trace.spans?.map(({ name }) => name)).toEqual(["b", "a", "c", "d", "e", "f"]);
    expect(trace.spans?.[3]?.started_at).toBe("2026-03-29T10:00:00.000000002Z");
    expect(theTrace(spans.toReversed())).toEqual(trace);
  });

  it("never end before they start", () => {
    const [span] = theTrace([spanAt("a", undefined, 500_000_000, 100_000_000)]).spans ?? [];
    expect(span).toMatchObject({
      started_at: "2026-03-29T10:00:00.500Z",
      ended_at: "2026-03-29T10:00:00.500Z",
      metadata: { "otel.ended_at": "2026-03-29T10:00:00.100Z" },
    });
  });
});
