import { createRequire } from "node:module";
import { logs, metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { scenario } from "./recording.mjs";

const log = new LoggerProvider({
  resource: resourceFromAttributes({ "service.name": "fixtures", "service.version": "1.0" }),
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
});
logs.setGlobalLoggerProvider(log);

// The instrumentation changes what `require` returns.
const require = createRequire(import.meta.url);
const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
// Its metrics only exist once it gets a provider.
new OpenAIInstrumentation({ captureMessageContent: true }).setMeterProvider(metrics.getMeterProvider());
const { OpenAI } = require("openai");

const openai = new OpenAI({ maxRetries: 0 });
const tracer = trace.getTracer("support");

function getWeather({ city }) {
  if (city === "Nowhere") throw new Error("No such city.");
  return { sky: "rainy" };
}

const parameters = { type: "object", properties: { city: { type: "string" } } };
const tools = [{ type: "function", function: { name: "get_weather", parameters } }];

/** Runs `work` in a span, which fails with it. */
function spanned(name, attributes, work) {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

function callTool(call) {
  const attributes = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": call.function.name,
    "gen_ai.tool.call.arguments": call.function.arguments,
  };
  return spanned("execute_tool get_weather", attributes, async (span) => {
    const result = JSON.stringify(getWeather(JSON.parse(call.function.arguments)));
    span.setAttribute("gen_ai.tool.call.result", result);
    return result;
  }).catch((error) => error.message);
}

async function answer(model, messages) {
  for (;;) {
    const { choices } = await openai.chat.completions.create({ model, messages, tools });
    const [{ message }] = choices;
    messages.push(message);
    if (message.tool_calls === undefined) return;
    for (const call of message.tool_calls) {
      messages.push({ role: "tool", tool_call_id: call.id, content: await callTool(call) });
    }
  }
}

async function stream(model, messages) {
  const options = { stream: true, stream_options: { include_usage: true } };
  const chunks = await openai.chat.completions.create({ model, messages, ...options });
  for await (const _ of chunks);
}

const agent = {
  "gen_ai.operation.name": "invoke_agent",
  "gen_ai.agent.name": "support-agent",
  "gen_ai.conversation.id": "s-1",
  "user.id": 42,
};

async function ask(questions, { respond = answer, model = "gpt-5.4-mini" } = {}) {
  const messages = [{ role: "system", content: "Be brief." }];
  for (const content of questions) {
    messages.push({ role: "user", content });
    await spanned("invoke_agent", agent, () => respond(model, messages));
  }
  await log.forceFlush();
}

await scenario("tool", () => ask(["Weather in Paris?"]));
await scenario("tool-error", () => ask(["Weather in Nowhere?"]));
await scenario("two-turns", () => ask(["Weather in Paris?", "How do I get there?"]));
await scenario("streaming", () => ask(["Weather in Paris?"], { respond: stream }));
await scenario("exception", () =>
  ask(["Weather in Paris?"], { model: "down-1" })
    .catch(() => undefined)
    .then(() => log.forceFlush()),
);
