import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { PandaProbeExporter, toTraceId } from "@pandaprobe/sdk/otel";
import { PandaProbe } from "@pandaprobe/sdk/traces";

const client = new PandaProbe({ projectName: "opentelemetry" });
const exporter = new PandaProbeExporter({ client });
const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = trace.getTracer("weather-agent");

// An instrumentation of your agent's framework records this; here it is written by hand.
const ask = (text: string) => JSON.stringify([{ role: "user", parts: [{ type: "text", content: text }] }]);
const say = (text: string) =>
  JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: text }], finish_reason: "stop" }]);
const agent = tracer.startSpan("invoke_agent weather-agent", {
  attributes: {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.conversation.id": "weather/1",
    "gen_ai.input.messages": ask("Do I need an umbrella in Paris today?"),
    "gen_ai.output.messages": say("Yes, take an umbrella: it rains in Paris today."),
  },
});
const tool = {
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": "get_weather",
  "gen_ai.tool.call.arguments": JSON.stringify({ city: "Paris" }),
  "gen_ai.tool.call.result": JSON.stringify({ sky: "rain" }),
};
const chat = {
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-5.4",
  "gen_ai.usage.input_tokens": 84,
  "gen_ai.usage.output_tokens": 13,
};
context.with(trace.setSpan(context.active(), agent), () => {
  tracer.startSpan("execute_tool get_weather", { attributes: tool }).end();
  tracer.startSpan("chat gpt-5.4", { attributes: chat }).end();
});
agent.end();
await provider.forceFlush();

// The trace has the id that OpenTelemetry gave it.
const traceId = toTraceId(agent.spanContext().traceId);
const { scores } = await client.evaluateTraces({ trace_ids: [traceId], metrics: ["task_completion"] });
for (const { name, value, reason } of scores) console.log(`${name} ${value ?? "failed"}: ${reason}`);
await provider.shutdown();
