import { PandaProbe } from "@pandaprobe/sdk/traces";
import { createTracing } from "@pandaprobe/sdk/tracing";

const mask = { keys: ["api_key"], patterns: [/[\w.]+@[\w.]+\w/] };
const client = new PandaProbe({ projectName: "tracing", traces: { mask } });
const { observe, startSpan, withSession, currentSpan } = createTracing({ client });

const getWeather = observe(
  async (args: { city: string; api_key: string }) => ({ city: args.city, sky: "rain" }),
  {
    name: "get_weather",
    kind: "TOOL",
  },
);

// Stands for a model, which answers in a stream.
const generate = observe(
  async function* generate(question: string, sky: string) {
    currentSpan()?.update({ model: "gpt-5.4", token_usage: { prompt_tokens: 84, completion_tokens: 13 } });
    yield question.includes("umbrella") ? "Yes: " : "";
    yield `${sky} is expected today.`;
  },
  { kind: "LLM" },
);

const answer = observe(
  async (question: string) => {
    const { sky } = await getWeather({ city: "Paris", api_key: "sk-secret" });
    let text = "";
    for await (const part of generate(question, sky)) text += part;
    using check = startSpan("check", { input: text });
    check.update({ output: text.endsWith(".") });
    return { text, traceId: currentSpan()?.traceId ?? "" };
  },
  { name: "weather-agent", kind: "AGENT", output: ({ text }) => text },
);

const { traceId } = await withSession({ session_id: "weather/2", user_id: "ann@example.com" }, () =>
  answer("Do I need an umbrella in Paris today?"),
);
await client.traces.flush();

const trace = await client.getTrace(traceId);
console.log(`${trace.name}, session ${trace.session_id}, user ${trace.user_id}: ${trace.status}`);
for (const { kind, name, input, output } of trace.spans) {
  console.log(`${kind} ${name}: ${JSON.stringify(input)} -> ${JSON.stringify(output)}`);
}
