import { readFileSync } from "node:fs";
import type { SpanResponse, TracePage, TraceResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { exportJson } from "../support/otlp.ts";
import { readTrace } from "../support/traces.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/*
 * What real frameworks export, recorded by scripts/record-otel-fixtures. In all of them, the same agent does the same
 * things with a fake model.
 */

const server = useHttpServer();

/** What frameworks record differently, or not at all. */
interface Framework {
  /** Default: the agent's, `support-agent`. */
  readonly traceName?: string;
  readonly session: unknown;
  readonly user: unknown;
  readonly tags: readonly string[];
  readonly model: string | null;
  /** Of the first model call of a turn. */
  readonly usage: unknown;
  /** Default: `get_weather`. */
  readonly tool?: string;
  toolInput(city: string): unknown;
  /** Whether a model's answer has its tool calls. Default: true. */
  readonly recordsCalls?: boolean;
  /** A tool that failed. Default: it has the error. */
  readonly failedTool?: object;
  /** Whether a span says that the tool failed, and not only its result. Default: true. */
  readonly recordsToolError?: boolean;
  /** Whether arguments and tool results are recorded. Default: true. */
  readonly recordsTools?: boolean;
  /** The root of a run that failed. Default: it failed. */
  readonly failedRoot?: object;
  /** Default: true. */
  readonly recordsFirstToken?: boolean;
  /** Whether a model call that fails has its input. Default: true. */
  readonly recordsFailedInput?: boolean;
  /** Of a call in a model's answer. Default: an object. */
  callArguments?(city: string): unknown;
  /** Default: that of the resource. */
  readonly release?: string | null;
  /** The instructions, as the first message of the input. */
  readonly system: readonly unknown[];
}

const brief = { role: "system", content: "Be brief." };
const adk: Framework = {
  traceName: "support_agent",
  session: "s-1",
  user: null,
  tags: [],
  model: "gemini-3.5-flash",
  usage: { prompt_tokens: 10, completion_tokens: 5 },
  toolInput: (city) => ({ city }),
  system: [{ role: "system", content: expect.stringMatching(/^Be brief\./) }],
  recordsFirstToken: false,
};

const strands: Framework = {
  session: "s-1",
  user: "42",
  tags: ["beta"],
  model: "gpt-5.4-mini",
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  toolInput: (city) => ({ city }),
  system: [brief],
  // It names its own version in the resource.
  release: "1.62.0",
};

const aiSdk: Framework = {
  session: "s-1",
  user: "42",
  tags: ["beta"],
  model: "fake-1",
  usage: { prompt_tokens: 10, completion_tokens: 5 },
  toolInput: (city) => ({ city }),
  system: [],
};

const frameworks: Readonly<Record<string, Framework>> = {
  "ai-sdk-5": aiSdk,
  "ai-sdk-6": aiSdk,
  "ai-sdk-7": { ...aiSdk, system: [brief] },
  langgraph: {
    session: "s-1",
    user: "42",
    tags: [],
    model: null,
    usage: null,
    // OpenInference records the only argument of a tool without its name.
    toolInput: (city) => city,
    system: [],
    recordsFirstToken: false,
  },
  langsmith: {
    session: "s-1",
    user: "42",
    tags: ["beta"],
    model: "gpt-5.4-mini",
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    toolInput: (city) => ({ city }),
    system: [],
    recordsFirstToken: false,
    release: null,
  },
  mastra: {
    session: "s-1",
    user: "42",
    tags: ["beta"],
    model: null,
    usage: null,
    toolInput: (city) => ({ city }),
    system: [brief],
  },
  openai: {
    session: "s-1",
    user: "42",
    tags: [],
    model: "gpt-5.4-mini",
    usage: { prompt_tokens: 10, completion_tokens: 5 },
    toolInput: (city) => ({ city }),
    system: [brief],
    recordsFirstToken: false,
  },
  "openai-agents": {
    session: "s-1",
    user: "42",
    tags: ["beta"],
    model: "gpt-5.4-mini",
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      cache_read_tokens: 0,
      reasoning_tokens: 0,
    },
    toolInput: (city) => ({ city }),
    callArguments: (city) => JSON.stringify({ city }),
    system: [brief],
    recordsFirstToken: false,
    recordsFailedInput: false,
    failedRoot: { kind: "AGENT", status: "OK" },
  },
  openllmetry: {
    session: "s-1",
    user: "42",
    tags: [],
    model: "gpt-5.4-mini",
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    toolInput: (city) => ({ city }),
    // The trace's input is the workflow's argument.
    system: [],
    recordsFirstToken: false,
  },
  "otel-python": {
    session: "s-1",
    user: "42",
    tags: [],
    model: "gpt-5.4-mini",
    usage: { prompt_tokens: 10, completion_tokens: 5 },
    toolInput: (city) => ({ city }),
    system: [brief],
  },
  "pydantic-ai": {
    session: expect.stringMatching(/^[0-9a-f-]{36}$/),
    user: null,
    tags: [],
    model: "fake-1",
    usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
    toolInput: (city) => ({ city }),
    system: [brief],
  },
  "claude-agent": {
    traceName: "claude_code.interaction",
    session: expect.stringMatching(/^[0-9a-f-]{36}$/),
    user: expect.stringMatching(/^[0-9a-f]{64}$/),
    tags: [],
    model: "claude-haiku-4-5",
    usage: expect.objectContaining({ prompt_tokens: 10, completion_tokens: 5 }),
    tool: "mcp__weather__get_weather",
    toolInput: (city) => ({ city }),
    recordsCalls: false,
    system: [],
    // It records a tool's failure in a span below.
    failedTool: { status: "UNSET", output: null },
    failedRoot: { kind: "AGENT", status: "UNSET" },
  },
  "google-adk": adk,
  "google-adk-events": { ...adk, recordsTools: false },
  "google-adk-1": {
    ...adk,
    user: "42",
    failedTool: { status: "UNSET", output: { error: "No such city." } },
    recordsToolError: false,
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  },
  strands,
  "strands-latest": strands,
};

/** Names in messages that have not become OpenAI's form: LangChain's, Bedrock's, and Gemini's. */
const frameworkForms = /"(?:kwargs|tool_?(?:use|result)|function_?(?:call|response))\\*":/i;

const asks = (content: string) => ({ role: "user", content });

/** The text of an answer: the last message, if there are several. */
function answerOf(output: unknown): unknown {
  const { messages, content } = (output ?? {}) as { messages?: unknown[]; content?: unknown };
  return messages === undefined ? (content ?? output) : answerOf(messages.at(-1));
}

/** The messages of an input. The AI SDK 6 records what a call was given, messages or a prompt, OpenLLMetry a question. */
function messagesOf(input: unknown): unknown[] {
  if (typeof input === "string") return [asks(input)];
  const { messages, prompt } = input as { messages?: unknown[]; prompt?: string };
  return messages ?? [asks(prompt ?? "")];
}

function ofKind({ spans }: TraceResponse, kind: SpanResponse["kind"]): SpanResponse[] {
  return spans.filter((span) => span.kind === kind);
}

/** The calls of the model. Mastra records a turn's as steps of one LLM span, which has the model and the usage of all. */
function callsOf({ spans }: TraceResponse): SpanResponse[] {
  const steps = spans.filter(({ metadata }) => metadata["mastra.span.type"] === "model_step");
  return steps.length > 0 ? steps : spans.filter(({ kind }) => kind === "LLM");
}

describe.each(Object.entries(frameworks))("%s", (name, framework) => {
  const file = new URL(`../otel-fixtures/${name}.json`, import.meta.url);
  const scenarios = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, object[]>>;

  /** The traces of a scenario, the first one first. */
  async function tracesOf(scenario: string): Promise<TraceResponse[]> {
    const api = server.project();
    for (const request of scenarios[scenario] ?? []) {
      const path = "resourceLogs" in request ? "/v1/logs" : "/v1/traces";
      expect(await exportJson(api, request, path)).toMatchObject({ status: 200, body: {} });
    }
    const { body } = await api.get<TracePage>("/traces?sort_by=started_at&sort_order=asc");
    return Promise.all(body.items.map(({ trace_id }) => readTrace(api, trace_id)));
  }

  async function onlyTraceOf(scenario: string): Promise<TraceResponse> {
    const [trace, ...others] = await tracesOf(scenario);
    if (trace === undefined || others.length > 0) throw new Error("It should have been one trace.");
    return trace;
  }

  const about = {
    name: framework.traceName ?? "support-agent",
    session_id: framework.session,
    user_id: framework.user,
    tags: framework.tags,
    release: framework.release === undefined ? "1.0" : framework.release,
    metadata: { "service.name": "fixtures" },
  };
  const tool = framework.tool ?? "get_weather";
  const called = (city: string) => ({
    role: "assistant",
    tool_calls: [
      {
        id: "call_1",
        type: "function",
        function: { name: "get_weather", arguments: framework.callArguments?.(city) ?? { city } },
      },
    ],
  });

  test("a call of a tool", async () => {
    const trace = await onlyTraceOf("tool");
    expect(trace).toMatchObject({ ...about, status: "COMPLETED" });
    expect(messagesOf(trace.input)).toEqual([...framework.system, asks("Weather in Paris?")]);
    expect(answerOf(trace.output)).toBe("It rains in Paris.");
    const tools = ofKind(trace, "TOOL");
    expect(tools).toMatchObject([{ name: tool, error: null }]);
    if (framework.recordsTools !== false) {
      expect(tools[0]?.input).toEqual(framework.toolInput("Paris"));
      expect(JSON.stringify(tools[0]?.output)).toMatch(/sky.{1,8}rainy/);
    }
    const calls = callsOf(trace);
    const firstAnswer = framework.recordsCalls === false ? null : called("Paris");
    expect(calls).toMatchObject([
      { model: framework.model, token_usage: framework.usage, output: firstAnswer },
      { model: framework.model },
    ]);
    const heard = messagesOf(calls[1]?.input);
    const [call, result] = [heard.at(-2), heard.at(-1)];
    if (name === "mastra") {
      // It records no more of them.
      expect(call).toEqual({ role: "assistant", content: "[tool: get_weather]" });
      expect(result).toEqual({ role: "tool", content: "[tool-result: get_weather]" });
      expect(ofKind(trace, "LLM")).toMatchObject([
        { model: "fake-1", token_usage: { prompt_tokens: 20, completion_tokens: 10 } },
      ]);
    } else {
      if (framework.recordsCalls !== false) expect(call).toMatchObject(called("Paris"));
      expect(result).toMatchObject({ role: "tool", tool_call_id: "call_1" });
    }
    expect(answerOf(calls[1]?.output)).toBe("It rains in Paris.");
    expect(JSON.stringify(trace.spans.map(({ input, output }) => [input, output]))).not.toMatch(
      frameworkForms,
    );
    // The first model call comes before the tool, the second one after it.
    const order = trace.spans.filter((span) => calls.includes(span) || tools.includes(span));
    expect(order).toEqual([calls[0], tools[0], calls[1]]);
  });

  test("a tool that fails, and an agent that continues", async () => {
    const trace = await onlyTraceOf("tool-error");
    expect(trace).toMatchObject({ ...about, status: "COMPLETED" });
    expect(answerOf(trace.output)).toBe("I do not know that city.");
    const failure = { status: "ERROR", error: expect.stringContaining("No such city.") };
    if (framework.recordsTools === false) {
      expect(ofKind(trace, "TOOL")).toMatchObject([{ name: tool, status: "ERROR" }]);
    } else {
      expect(ofKind(trace, "TOOL")).toMatchObject([
        { name: tool, input: framework.toolInput("Nowhere"), ...(framework.failedTool ?? failure) },
      ]);
      if (framework.recordsToolError !== false)
        expect(trace.spans).toContainEqual(expect.objectContaining(failure));
    }
    expect(callsOf(trace)).toHaveLength(2);
  });

  test("two turns of a session", async () => {
    const traces = await tracesOf("two-turns");
    expect(traces).toMatchObject([about, about]);
    expect(new Set(traces.map(({ session_id }) => session_id)).size).toBe(1);
    expect(traces.map(({ output }) => answerOf(output))).toEqual(["It rains in Paris.", "Take the train."]);
    const asked = traces.map(({ input }) => messagesOf(input).at(-1));
    expect(asked).toEqual([asks("Weather in Paris?"), asks("How do I get there?")]);
  });

  test("a streamed answer", async () => {
    const trace = await onlyTraceOf("streaming");
    expect(trace).toMatchObject({ ...about, status: "COMPLETED" });
    expect(answerOf(trace.output)).toBe("It rains in Paris.");
    const [call] = ofKind(trace, "LLM");
    expect(answerOf(call?.output)).toBe("It rains in Paris.");
    expect(call?.output).not.toHaveProperty("messages");
    if (framework.recordsFirstToken === false) expect(call?.time_to_first_token_ms).toBeNull();
    else expect(call?.time_to_first_token_ms).toBeLessThanOrEqual(call?.latency_ms ?? 0);
  });

  test("an exception", async () => {
    const trace = await onlyTraceOf("exception");
    expect(trace).toMatchObject({ ...about, status: "ERROR", output: null });
    if (framework.recordsFailedInput === false) expect(trace.input).toBeNull();
    else expect(messagesOf(trace.input).at(-1)).toEqual(asks("Weather in Paris?"));
    const down = { status: "ERROR", error: expect.stringContaining("The model is down.") };
    // Mastra records a model's failure only in the agent's span.
    expect(ofKind(trace, "LLM")).toMatchObject([name === "mastra" ? { output: null } : down]);
    const root = trace.spans.find(({ parent_span_id }) => parent_span_id === null);
    expect(root).toMatchObject(framework.failedRoot ?? down);
  });
});
